using Vedette.Engine.Access;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest;

/// <summary>One route: what the dispatcher matches and checks, and what the OpenAPI document says of it. There is no other list of routes.</summary>
/// <param name="Method">GET (which answers HEAD too), POST or DELETE.</param>
/// <param name="Path">Below <c>/rest/</c>; <c>{id}</c> is a whole number, any other name in braces any text.</param>
/// <param name="Summary">A few words for a list of routes.</param>
internal sealed record Route(string Method, string Path, string Summary, Func<RestCall, Task<RestAnswer>> Answer)
{
    /// <summary>What a person has to know beside the summary, parameters and fields.</summary>
    public string Description { get; init; } = "";

    /// <summary>Checked before the answer is asked for; doors check again what they are asked to do.</summary>
    public Permissions Needed { get; init; }

    /// <summary>The type of record it lists: filters, paging and sorting apply.</summary>
    public RecordType? Lists { get; init; }

    /// <summary>The type of record it shows one of.</summary>
    public RecordType? Shows { get; init; }

    /// <summary>The object it takes as body.</summary>
    public Shape? Takes { get; init; }

    /// <summary>The body may be a list of such objects: each is answered by itself.</summary>
    public bool TakesLists { get; init; }

    /// <summary>What it answers when it neither lists nor shows records.</summary>
    public Shape Answers { get; init; } = Shapes.Success;

    /// <summary>It answers a bare list of those.</summary>
    public bool AnswersList { get; init; }

    /// <summary>The type of content, when it is no JSON.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Query parameters of its own, with a sentence each.</summary>
    public IReadOnlyList<(string Name, string Says)> Parameters { get; init; } = [];

    /// <summary>Answers other than 200 that are particular to it, in words.</summary>
    public IReadOnlyList<(int Status, string When)> Errors { get; init; } = [];

    public IReadOnlyList<string> Segments { get; } = Path.Split('/');

    public bool Matches(IReadOnlyList<string> path)
    {
        if (path.Count != Segments.Count)
        {
            return false;
        }

        for (var at = 0; at < path.Count; at++)
        {
            var fits = Segments[at] == "{id}" ? RestCall.Id(path[at]) is not null : Segments[at][0] == '{' || Segments[at] == path[at];
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    public static Route Get(string path, string summary, Func<RestCall, Task<RestAnswer>> answer) => new("GET", path, summary, answer);

    public static Route Post(string path, string summary, Shape takes, Func<RestCall, Task<RestAnswer>> answer) => new("POST", path, summary, answer) { Takes = takes };

    public static Route Delete(string path, string summary, Func<RestCall, Task<RestAnswer>> answer) => new("DELETE", path, summary, answer);

    /// <summary>All records of a type, with the list grammar.</summary>
    public static Route List<T>(string path, string summary, RecordType<T> type, Records records)
        where T : class, Engine.Storage.IRow => new("GET", path, summary, call => records.List(call, type)) { Lists = type, Needed = type.Needed };

    /// <summary>The record whose number is the second segment.</summary>
    public static Route One<T>(string path, string summary, RecordType<T> type, Records records)
        where T : class, Engine.Storage.IRow => new("GET", path, summary, call => records.One(call, type, call.Number)) { Shows = type, Needed = type.Needed };
}
