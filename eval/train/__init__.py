"""What is trained here: data, training, export. The one room of ``eval`` that knows ``index`` as well."""
