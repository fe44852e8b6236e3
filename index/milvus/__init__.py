"""The distributed engine: the same ``Store`` on Milvus, for any number of servers. Read ``state.py`` first.

client.py   the calls to pymilvus, and its errors said in ours; the only module that imports it
schema.py   the collections and their fields
state.py    what a state of the index is: a root that names everything else
blobs.py    parts of debates that are read whole, cut into rows
rows.py     a debate <-> its parts and its windows
search.py   nearest vectors, BM25
lock.py     one writer at a time, without any help from the engine
store.py    ``MilvusStore``
"""
