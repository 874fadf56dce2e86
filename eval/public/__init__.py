"""Public sets, so that anyone can measure the service on what it was not made for; ``python -m eval.public``.

squad          files of SQuAD 1.1 and 2.0, CMRC 2018, DRCD, XQuAD, PolicyQA (``squad``)
cjrc           the judicial reading comprehension of CAIL 2019 (``cjrc``)
legalbench-rag a folder of LegalBench-RAG (``legalbench_rag``)

Only ``throwaway`` knows the index: it makes a collection of a set's texts as ``index.build`` makes one of
guiding cases. Nothing of a set is kept.
"""
