using Vedette.Server.Rest.Resources;

namespace Vedette.Server.Rest;

/// <summary>All routes, as the resources declare them.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, Route[]> _byResource;

    public RouteTable(IEnumerable<IResource> resources)
    {
        All = [.. resources.SelectMany(resource => resource.Routes).OrderBy(route => route.Path, StringComparer.Ordinal).ThenBy(route => route.Method, StringComparer.Ordinal)];
        if (All.GroupBy(route => (route.Method, route.Path)).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"{twice.Key} is declared twice.");
        }

        // A word that is spelled out goes before a placeholder.
        _byResource = All.GroupBy(route => route.Segments[0])
            .ToDictionary(group => group.Key, group => group.OrderBy(route => route.Segments.Count(segment => segment[0] == '{')).ToArray(), StringComparer.Ordinal);
    }

    public IReadOnlyList<Route> All { get; }

    public IEnumerable<string> Names => _byResource.Keys;

    /// <summary>Routes with this path, whatever their method.</summary>
    public IEnumerable<Route> Find(IReadOnlyList<string> path) =>
        path.Count > 0 && _byResource.TryGetValue(path[0], out var routes) ? routes.Where(route => route.Matches(path)) : [];
}
