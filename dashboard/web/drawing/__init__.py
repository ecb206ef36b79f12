"""Pictures made on the server: values in, SVG out. Nothing here reads, writes or translates."""

from dashboard.web.drawing.outlook import Cell, Column, Labels, Picture, Row, draw

__all__ = ["Cell", "Column", "Labels", "Picture", "Row", "draw"]
