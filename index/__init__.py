"""From files to ranked passages: the library of precedents. `assistant` enters by `index.library`."""
