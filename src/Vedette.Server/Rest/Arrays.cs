using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Server.Rest;

/// <summary>A body that is a list: each element by itself, answered in order; one that fails undoes no other.</summary>
internal static class Arrays
{
    public const int Most = 5_000;

    public static Task<RestAnswer> Each(RestCall call, Shape shape, Func<RestCall, Posted, int, Task<RestAnswer>> one) => Each(call, shape, one, null);

    /// <param name="change">For elements of a list that carry an id: they change the record with it. A single object never does, as clients post whole records back to make new ones.</param>
    public static async Task<RestAnswer> Each(RestCall call, Shape shape, Func<RestCall, Posted, int, Task<RestAnswer>> one, Func<RestCall, Posted, long, int, Task<RestAnswer>>? change)
    {
        var body = call.Json();
        if (body.ValueKind != JsonValueKind.Array)
        {
            return await one(call, Posted.Of(body, shape), 0);
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
                var posted = Posted.Of(element, shape, $"Element {part} of the list");
                var id = change is null ? null : posted.Whole("id");
                var answer = id is null ? await one(call, posted, part) : await change!(call, posted, id.Value, part);
                if (part == 0 && answer.Status == 503)
                {
                    // Nothing is stored, and it would be the same for all: a sender that looks at the status alone comes again.
                    return answer;
                }

                answers.Add(answer.Body);
            }
            catch (BadRequestException exception)
            {
                answers.Add(Wire.Failed(exception.Message));
            }
        }

        return RestAnswer.Ok(answers);
    }
}
