"""Work that is heavy and goes answer by answer, done here or by workers of dask.

What is done is a ``tasks.Task`` over batches of texts. Who asks for it keeps each batch as it comes
(``storage.sqlite_cache``), so what is kept is what is finished, and a run that ended early goes on
there. Where dask is used is nobody's business but ``dask_workers``'; no scheduler is written here.
"""
