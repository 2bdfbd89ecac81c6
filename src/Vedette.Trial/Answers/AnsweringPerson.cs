using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Approvals;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Trial.Cases;
using Vedette.Trial.Platform;
using Vedette.Trial.Reports;

namespace Vedette.Trial.Answers;

/// <summary>
/// Stands where people stand: answers what runs ask as soon as it is asked, from the book, by the door that people's answers come in. Who is
/// told to keep silent does, and the time limit passes on the simulated clock.
/// </summary>
internal sealed class AnsweringPerson(IStore store, IApprovals approvals, IAccess access, AnswerBook book, TrialRecord record, Stir stir) : IDisposable
{
    private const string Administrator = "Administrator";
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    public void Dispose() => _oneAtATime.Dispose();

    public void Asked(PromptRow prompt)
    {
        var under = stir.Under();
        _ = Task.Run(async () =>
        {
            using (under)
            {
                await Answered(prompt);
            }
        });
    }

    private async Task Answered(PromptRow prompt)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            await Answer(prompt);
        }
        catch (Exception exception)
        {
            record.Wrong(new TrialError(ErrorKind.Api, $"The prompt \"{prompt.Name}\" could not be answered: {exception.Message}", 0, prompt.Name));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task Answer(PromptRow prompt)
    {
        if (await store.Find<PromptRow>(prompt.Id) is not { Status: "pending" })
        {
            // It ended with the turn that asked.
            return;
        }

        var questions = (JsonArray)JsonNode.Parse(prompt.Questions)!;
        var given = book.OfPerson(prompt, record.AskedOf(prompt.ActionRunId));
        if (given?.Person is { Silent: true })
        {
            return;
        }

        var responses = given?.Person?.Responses ?? [.. questions.Select(MadeUpResponse)];
        record.MadeUp |= given is null;
        record.AnsweredPrompt(prompt.Id, given is null ? "made up" : "test");
        var person = await Person(prompt, given?.Person?.By);
        var answer = new PromptAnswer(given?.Success ?? true, responses, given?.Message ?? "");
        var outcome = await Units.Decide(store, unit => approvals.Answer(unit, person, new PromptId(prompt.Id), answer));
        if ((outcome.Ok(out var answered, out var refused) ? answered.Void : refused.Message) is { } why)
        {
            record.Wrong(new TrialError(ErrorKind.Answer, $"The {(given is null ? "made-up answer" : "answer of the test")} to the prompt \"{prompt.Name}\" is not taken: {why} Give one that is, under \"answers\".", 0, prompt.Name));
        }
    }

    /// <summary>What somebody could answer: the first choice, the least number, or yes.</summary>
    private static string MadeUpResponse(JsonNode? question)
    {
        var options = (question as JsonObject)?["options"] as JsonObject;
        return options?["type"] is { } type ? Likeness.Text(type) switch
        {
            "list" => options["choices"] is JsonArray { Count: > 0 } choices ? Likeness.Text(choices[0]) : "Yes",
            "range" => options["min"] is { } least ? Likeness.Text(least) : "0",
            _ => "yes",
        } : "yes";
    }

    /// <summary>The user the test names, else the one it is addressed to, else one who has the role it is addressed to.</summary>
    private async Task<Caller> Person(PromptRow prompt, string? by)
    {
        var role = prompt.RoleId is { } id ? (await store.Find<RoleRow>(id))!.Name : null;
        if (by is null && prompt.UserId is { } addressed)
        {
            return As((await store.Find<UserRow>(addressed))!);
        }

        var name = (by ?? (role is null or Administrator ? "admin" : role)).ToLowerInvariant();
        var known = await store.Select<UserRow>(Query.For(Where.Is(nameof(UserRow.Username), name)));
        if (known is [{ Type: "normal" }])
        {
            return As(known[0]);
        }

        if (known.Count > 0)
        {
            // A name of the platform's own, such as that of the automation user, for which no person answers.
            return await Person(prompt, $"{name}.person");
        }

        var made = await Units.Decide(store, async unit => await access.CreateUser(unit, Caller.Platform, new UserDraft { Username = name, Type = "normal", Roles = [role ?? Administrator] }));
        return made.Ok(out var user, out var refusal)
            ? As((await store.Find<UserRow>(user.Value))!)
            : throw new TrialFileException($"nobody can be called \"{name}\": {refusal.Message}");
    }

    private static Caller As(UserRow user) => Caller.Platform with { UserId = user.Id, Username = user.Username, Channel = Channel.Rest, CausedBy = "trial" };
}
