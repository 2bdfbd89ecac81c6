using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Sdk;
using Vedette.Trial.Cases;

namespace Vedette.Trial.Answers;

/// <summary>Who answers an action or a prompt: the test, by block before by action; else what is made up.</summary>
internal sealed class AnswerBook(TestCase test, IReadOnlyDictionary<string, IReadOnlyList<string>> asked)
{
    private readonly Dictionary<GivenAnswer, int> _left = new(ReferenceEqualityComparer.Instance);

    public (ActionAnswer Answer, bool MadeUp) Answer(string block, ActionCall call, Manifest manifest)
    {
        var parameters = JsonNode.Parse(call.Parameters.GetRawText());
        foreach (var key in new[] { block, call.Action })
        {
            var given = Take(test.Answers.GetValueOrDefault(key)?.Where(one => one.Person is null && Likeness.Holds(one.When, parameters)));
            if (given is not null)
            {
                return (new ActionAnswer { Success = given.Success, Message = given.Message, Data = (JsonArray)given.Data.DeepClone(), Summary = (JsonObject)given.Summary.DeepClone() }, false);
            }
        }

        return (MadeUpAnswer.Of(manifest, call.Action, [.. asked.GetValueOrDefault(block) ?? [], .. asked.GetValueOrDefault(call.Action) ?? []], parameters as JsonObject ?? []), true);
    }

    /// <summary>What the test says to a prompt, by its block, or by <c>prompt</c> or <c>task</c>; null where it says nothing.</summary>
    /// <param name="to">User or role, as the playbook named it.</param>
    public GivenAnswer? OfPerson(PromptRow prompt, string to)
    {
        var asked = new JsonObject { ["message"] = prompt.Message, ["to"] = to };
        return new[] { prompt.Name, prompt.Kind }
            .Select(key => Take(test.Answers.GetValueOrDefault(key)?.Where(one => Answers(one, prompt.Kind) && Likeness.Holds(one.When, asked))))
            .FirstOrDefault(given => given is not null);
    }

    /// <summary>Of an action that waits, its block names the answer of its app too: only what says that a person answers is one of a person.</summary>
    private static bool Answers(GivenAnswer given, string kind) => kind == PromptRow.OfAnAction ? given.Person is not null : given is { Data.Count: 0, Summary.Count: 0 };

    /// <summary>The first that has not been given as often as it may be.</summary>
    private GivenAnswer? Take(IEnumerable<GivenAnswer>? fitting)
    {
        lock (_left)
        {
            foreach (var one in fitting ?? [])
            {
                if (one.Times is not { } times)
                {
                    return one;
                }

                var left = _left.GetValueOrDefault(one, times);
                if (left > 0)
                {
                    _left[one] = left - 1;
                    return one;
                }
            }
        }

        return null;
    }
}
