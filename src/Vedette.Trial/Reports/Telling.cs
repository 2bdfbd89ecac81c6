using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Trial.Answers;
using Vedette.Trial.Cases;
using Vedette.Trial.Platform;

namespace Vedette.Trial.Reports;

/// <summary>What came of a case, read from the record of its turns and from the store.</summary>
internal sealed class Telling(IStore store, TrialRecord record, PlaybookFacts facts, IReadOnlyDictionary<string, string> answeredBy, TestCase test)
{
    public async Task<CaseReport> Tell(PlaybookRunRow run)
    {
        var actions = await Actions();
        var prompts = await Prompts(run);
        var errors = record.Errors.ToList();
        if (run.Status is "running" or "pending" && prompts.FirstOrDefault(prompt => prompt.Status == "pending") is { } open)
        {
            errors.Add(new TrialError(ErrorKind.Playbook, $"The run waits for an answer to the {open.Kind} \"{open.Name}\", which has no time limit: answer it under \"answers\", or give it respond_in_mins.", 0, ""));
        }
        else if (run.Status is "running" or "pending")
        {
            errors.Add(new TrialError(ErrorKind.Playbook, $"The run waits for {(run.WaitingFor.Length > 0 ? run.WaitingFor : "something")}, and nothing is under way: see that each callback ends or asks for something that is answered.", 0, ""));
        }
        else if (run.Status == "failed" && errors.Count == 0)
        {
            errors.Add(new TrialError(ErrorKind.Playbook, $"{run.Message} Look at the log of this case.", 0, ""));
        }

        var failures = await new Differences(store, run, actions, prompts, record).Against(test.Expect, errors.Count > 0);
        var places = record.Places;
        return new CaseReport
        {
            Name = test.Name,
            // An exception that the test expects is no error of the case, as long as it is the playbook's own.
            Status = errors.Any(error => test.Expect.Status != "failed" || error.Kind != ErrorKind.Playbook) ? CaseStatus.Error : failures.Count > 0 ? CaseStatus.Failed : CaseStatus.Passed,
            Failures = failures,
            Blocks = new BlockReach(facts.BlocksIn(places), facts.Blocks),
            Branches = Coverage.Branches(facts, places),
            Lines = new LineReach([.. facts.Lines.Where(places.Contains)], facts.Lines),
            Actions = actions,
            Prompts = prompts,
            Effects = record.Effects,
            Errors = errors,
            Warnings = [.. Warnings(actions)],
            Log = record.Lines,
            RunStatus = run.Status,
        };
    }

    private static IEnumerable<string> Warnings(IReadOnlyList<ActionReport> actions) => actions
        .Where(action => action.AnsweredBy == "nobody" || action.Message.Contains("which was left out", StringComparison.Ordinal))
        .Select(action => $"{action.Name}: {action.Message}")
        .Concat(actions
            .Where(action => action.AnsweredBy != "nobody" && !Verbs.Reads(action.Action) && !TrialApps.Manifests.Values.Any(known => known.Name == action.App))
            .Select(action => $"{action.Name}: \"{action.Action}\" changes another system. A trial answers it; live, a policy has to allow it."))
        .Distinct();

    /// <summary>Of the run and of those it started: the store holds nothing but this case.</summary>
    private async Task<IReadOnlyList<ActionReport>> Actions()
    {
        var reports = new List<ActionReport>();
        var assets = (await store.Select<AssetRow>(new Query())).ToDictionary(asset => asset.Id, asset => asset.Name);
        foreach (var asked in await store.Select<ActionRunRow>(Query.For(!Where.Is(nameof(ActionRunRow.Type), ActionRunRow.OfAPerson))))
        {
            var results = await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), asked.Id)));
            var apps = (await store.Select<AppRunRow>(Query.For(Where.Is(nameof(AppRunRow.ActionRunId), asked.Id)))).ToDictionary(app => app.Id, app => app.AppName);
            reports.AddRange(results.Select(result => new ActionReport(
                asked.Name, asked.Action, assets.GetValueOrDefault(result.AssetId), apps.GetValueOrDefault(result.AppRunId), WithoutContext(result.Parameter),
                answeredBy.GetValueOrDefault(result.EffectKey, "nobody"), result.Status, result.Message)));
            if (results.Count == 0)
            {
                reports.Add(new ActionReport(asked.Name, asked.Action, null, null, null, "nobody", asked.Status, asked.Message));
            }
        }

        return reports;
    }

    private async Task<IReadOnlyList<PromptReport>> Prompts(PlaybookRunRow run)
    {
        var reports = new List<PromptReport>();
        foreach (var prompt in await store.Select<PromptRow>(Query.For(Where.Is(nameof(PromptRow.ContainerId), run.ContainerId))))
        {
            var person = prompt.AnsweredBy is { } user ? (await store.Find<UserRow>(user))?.Username : null;
            reports.Add(new PromptReport(
                prompt.Name, prompt.Kind, record.AskedOf(prompt.ActionRunId), prompt.Message, JsonNode.Parse(prompt.Questions), person is null ? "nobody" : record.WhoAnswered(prompt.Id), person,
                prompt.Status, JsonNode.Parse(prompt.Responses)));
        }

        return reports;
    }

    private static JsonNode? WithoutContext(string parameter)
    {
        var node = JsonNode.Parse(parameter);
        (node as JsonObject)?.Remove("context");
        return node;
    }
}
