"""Words that carry no topic, folded (lower case, no accents). French ones include what fills speech ("alors",
"donc", "euh").

Written for transcripts after the Snowball lists (BSD). Verbs of saying are left in: they can be the topic of a passage.
"""

_FRENCH = """
a ai aie aient aies ait alors apres as au aucun aucune aujourd aura aurai auraient aurais aurait auras aurez auriez
aurions aurons auront aussi autre autres aux avaient avais avait avant avec avez aviez avions avoir avons ayant bah
beaucoup ben bien bon bref c ca car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment d
dans de dedans dehors deja depuis des desquelles desquels dessous dessus deux donc dont du duquel elle elles en encore
enfin ensuite entre es est et etaient etais etait etant ete etes etiez etions etre eu eue eues euh eurent eus eut eux
evidemment fait faire faites fois font fumes furent fus fut hein hui ici il ils j je jusqu juste l la laquelle le
lequel les lesquelles lesquels leur leurs lui m ma mais me meme memes mes mien moi moins mon n ne ni non nos notre
nous on ont or ou ouais oui par parce pas pendant peu peut peuvent peux plus plutot pour pourquoi pouvez pouvons pres
puis puisque qu quand que quel quelle quelles quelqu quelque quelques quels qui quoi s sa sans sauf se sera serai
seraient serais serait seras serez seriez serions serons seront ses si sien sinon sois soit sommes son sont sous soyez
suis sur t ta tandis te tel telle telles tels tes toi ton toujours tous tout toute toutes tres tu un une va vais vas
vers voici voila vont vos votre vous vraiment vs y
"""
_ENGLISH = """
a about above after again against ain all also am an and any are aren as at be because been before being below between
both but by can couldn could d did didn do does doesn doing don down during each few for from further had hadn has
hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself just ll m ma me
might mightn more most mustn my myself no nor not now o of off okay on once only or other our ours ourselves out over
own re s same shan she should shouldn so some such t than that the their theirs them themselves then there these they
this those through to too uh um under until up ve very was wasn we well were weren what when where which while who
whom why will with won would wouldn y yeah yes you your yours yourself yourselves
"""

STOP_WORDS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
