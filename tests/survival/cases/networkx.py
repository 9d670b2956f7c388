# requires: networkx==3.6.1
# Algorithms behind lazy imports and dispatch by entry point, readers and writers, errors.
import io

import networkx as nx


def handler(event, context):
    graph = nx.karate_club_graph()
    small = nx.DiGraph([("a", "b"), ("b", "c"), ("a", "c")])
    out = io.BytesIO()
    nx.write_graphml_xml(small, out)
    again = nx.read_graphml(io.BytesIO(out.getvalue()))
    errors = []
    for attempt in (
        lambda: nx.shortest_path(small, "c", "a"),
        lambda: nx.pagerank(small),
        lambda: nx.pagerank(small, backend="no_such"),
        lambda: list(nx.topological_sort(nx.DiGraph([(1, 2), (2, 1)]))),
    ):
        try:
            errors.append(sorted(attempt()))
        except (nx.NetworkXException, ImportError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    return {
        "path": nx.shortest_path(graph, 0, 33),
        "order": list(nx.topological_sort(small)),
        "communities": [sorted(part) for part in nx.community.greedy_modularity_communities(graph)][:2],
        "between": round(nx.betweenness_centrality(graph)[0], 6),
        "flow": nx.maximum_flow_value(nx.DiGraph([(0, 1, {"capacity": 3}), (1, 2, {"capacity": 2})]), 0, 2),
        "same": nx.is_isomorphic(small, again),
        "gml": list(nx.generate_gml(small))[:3],
        "data": nx.node_link_data(small, edges="edges")["edges"],
        "colour": sorted(set(nx.greedy_color(graph).values())),
        "tree": nx.minimum_spanning_tree(graph).number_of_edges(),
        "errors": errors,
    }
