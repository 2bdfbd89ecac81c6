using System.Text.Json.Nodes;
using Vedette.Sdk;
using Vedette.Trial.Cases;

namespace Vedette.Trial.Answers;

/// <summary>Who answers an action: the test, by block before by action; else what is made up.</summary>
internal sealed class AnswerBook(TestCase test, IReadOnlyDictionary<string, IReadOnlyList<string>> asked)
{
    public (ActionAnswer Answer, bool MadeUp) Answer(string block, ActionCall call, Manifest manifest)
    {
        var parameters = JsonNode.Parse(call.Parameters.GetRawText());
        foreach (var key in new[] { block, call.Action })
        {
            var given = test.Answers.GetValueOrDefault(key)?.FirstOrDefault(one => Likeness.Holds(one.When, parameters));
            if (given is not null)
            {
                return (new ActionAnswer { Success = given.Success, Message = given.Message, Data = (JsonArray)given.Data.DeepClone(), Summary = (JsonObject)given.Summary.DeepClone() }, false);
            }
        }

        return (MadeUpAnswer.Of(manifest, call.Action, asked.GetValueOrDefault(block) ?? [], parameters as JsonObject ?? []), true);
    }
}
