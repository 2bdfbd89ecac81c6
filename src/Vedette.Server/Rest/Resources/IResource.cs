using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Model;

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
        foreach (var (part, element) in body.EnumerateArray().Index())
        {
            try
            {
                answers.Add(element.ValueKind == JsonValueKind.Object
                    ? (await one(call, element, part)).Body
                    : Wire.Failed($"Element {part} of the list has to be an object and is {JsonWords.Kind(element)}."));
            }
            catch (BadRequestException exception)
            {
                answers.Add(Wire.Failed(exception.Message));
            }
        }

        return RestAnswer.Ok(answers);
    }
}
