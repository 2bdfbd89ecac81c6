using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>scm</c>: the repositories of playbooks. There are two: what comes with the platform or from the community, and one's own.</summary>
internal sealed class ScmResource : IResource
{
    private static readonly Shape Repository = new Shape("Repository", "Where playbooks lie.")
        .Needs("id", Kind.Whole, "Its number: 1 or 2.").Needs("name", Kind.Text, "`local` or `community`.").Needs("type", Kind.Text, "Always `local`: they lie with the platform.")
        .Needs("disabled", Kind.Truth, "Always false.").Needs("read_only", Kind.Truth, "Always false.");

    private static readonly Shape Repositories = new Shape("Repositories").Needs("count", Kind.Whole, "How many.").Needs("num_pages", Kind.Whole, "Always 1.").Needs("data", Kind.Any, "The repositories.");

    /// <summary>By number, in the order of the numbers.</summary>
    private static readonly string[] Names = ["local", "community"];

    public IEnumerable<Route> Routes =>
    [
        Route.Get("scm", "List repositories of playbooks", List) with { Needed = Permissions.ViewPlaybooks, Answers = Repositories, Parameters = [("_filter_name", "Only the repository of this name."), ("_filter_id", "Only the repository of this number.")] },
        Route.Get("scm/{id}", "Read a repository of playbooks", One) with { Needed = Permissions.ViewPlaybooks, Answers = Repository },
    ];

    private static Task<RestAnswer> List(RestCall call)
    {
        var name = call.Param("_filter_name") is { } named ? Coerce.Text(Literals.Read(named)) : null;
        var id = call.Param("_filter_id") is { } numbered ? Coerce.Whole(Literals.Read(numbered)) ?? throw new BadQueryException("id takes the number of a repository: 1 for local, 2 for community.") : (long?)null;
        var found = Enumerable.Range(1, Names.Length).Where(number => (name is null || Names[number - 1] == name) && (id is null || number == id)).Select(Show).ToArray<JsonNode>();
        return Task.FromResult(RestAnswer.Ok(new JsonObject { ["count"] = found.Length, ["num_pages"] = 1, ["data"] = new JsonArray(found) }));
    }

    private static Task<RestAnswer> One(RestCall call) => Task.FromResult(call.Number is 1 or 2 ? RestAnswer.Ok(Show((int)call.Number)) : RestAnswer.NotFound($"There is no repository {call.Number}."));

    private static JsonObject Show(int number) => new() { ["id"] = number, ["name"] = Names[number - 1], ["type"] = "local", ["disabled"] = false, ["read_only"] = false };
}
