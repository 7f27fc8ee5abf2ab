"""A small network in GMNS, as text: a road and a railway between three towns, and a footpath."""

CONFIG = "dataset_name,long_length,speed\nThree towns,mile,mph\n"
NODE = """node_id,name,x_coord,y_coord,zone_id
1,Aach,9.0,50.0,1
2,Bruck,9.0,50.1,
3,Calw,9.0,50.3,3
"""
LINK = """link_id,name,from_node_id,to_node_id,directed,length,facility_type,capacity,free_speed,lanes,allowed_uses
10,B 1,1,2,1,10,arterial,1800,50,2,"car,truck"
11,B 1,2,1,1,10,arterial,1800,50,2,"car,truck"
12,Line,2,3,false,20,rail,,25,,
13,Path,1,3,false,20,path,,3,,walk
14,A 5,2,3,true,15,freeway,2000,75,2,all
15,A 5,3,2,true,16,freeway,2000,75,2,all
"""
FILES = {"config": CONFIG, "node": NODE, "link": LINK}


def written(folder, **files):
    """Write the network to a folder, with other text for some files, None for those to be left out."""
    for name, text in (FILES | files).items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def replaced(name, old, new):
    """Return the text of a file with one part of it replaced, by its name."""
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new)}
