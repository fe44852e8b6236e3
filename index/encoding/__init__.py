"""Text -> vectors.

encoder               the port: what any encoder does, and how its vectors are named
open                  the encoder that settings mean
bundled               the default model, made once from the weights that a package brings
onnx_encoder          the default model run by ONNX Runtime; onnx_graph writes its graph, reading makes its tokens
sentence_transformer  any other model, and the default one where it is asked for (a GPU, comparison)
kept_vectors          vectors kept on disk by the hash of their text
questions             questions that come at once are encoded together, and what was asked before is known
batches               many texts through a model, in order and counted
reranker              a cross-encoder, where one is set
"""
