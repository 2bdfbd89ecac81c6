using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Server.Rest.Resources;

/// <summary>One resource under <c>/rest</c>: everything that its first path segment answers.</summary>
internal interface IResource
{
    IReadOnlyList<string> Names { get; }

    Task<RestAnswer> Answer(RestCall call);
}

internal static class Resource
{
    public static RestAnswer NotAllowed(RestCall call) => RestAnswer.Failed(405, $"{call.Method} is not possible on /rest/{string.Join('/', call.Path)}.");
}

/// <summary>A body that is a list: each element by itself, answered in order; one that fails undoes no other.</summary>
internal static class Arrays
{
    public const int Most = 5_000;

    public static async Task<RestAnswer> Each(RestCall call, Func<RestCall, JsonElement, int, Task<RestAnswer>> one)
    {
        var body = call.Json();
        if (body.ValueKind != JsonValueKind.Array)
        {
            return await one(call, body.RequireObject(), 0);
        }

        if (body.GetArrayLength() > Most)
        {
            return RestAnswer.Failed(413, $"The list has {body.GetArrayLength()} elements; {Most} are allowed.");
        }

        var answers = new JsonArray();
        var part = 0;
        foreach (var element in body.EnumerateArray())
        {
            try
            {
                answers.Add((await one(call, element.RequireObject(), part++)).Body);
            }
            catch (BadRequestException exception)
            {
                answers.Add(Wire.Failed(exception.Message));
            }
        }

        return RestAnswer.Ok(answers);
    }
}
