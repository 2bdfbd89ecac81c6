using Vedette.Model;
using Vedette.Sdk;
using Vedette.Trial.Answers;
using Vedette.Trial.Cases;
using Vedette.Trial.Platform;

namespace Vedette.Trial.Checks;

/// <summary>What is wrong with a playbook that shows without running it: the text by itself, and against the manifests of the apps.</summary>
public sealed class StaticCheck(TrialHouse house)
{
    public async Task<IReadOnlyList<Finding>> Of(PlaybookFile file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        var facts = await house.Facts(file, ct);
        return facts.Compiles
            ? [.. facts.Findings.Concat(facts.Asked.Where(asked => asked is { Kind: "act", What: not null }).SelectMany(Action)).Concat(Datapaths(facts)).Distinct().OrderBy(finding => finding.Line)]
            : [new Finding("syntax", facts.Line, "", $"{facts.Message}{OldSyntax(facts.Message)}")];
    }

    private static IEnumerable<Finding> Action(AskedFor asked)
    {
        var manifest = ManifestOf(asked);
        var action = manifest?.Find(asked.What!);
        if (manifest is not null && action is null)
        {
            yield return new Finding("action", asked.Line, asked.Block, $"The app {manifest.Name} has no action \"{asked.What}\"; it has: {string.Join(", ", manifest.Actions.Select(one => one.Name))}.");
        }

        foreach (var name in asked.Parameters ?? [])
        {
            if (action is not null && name != "context" && action.Parameters.All(one => one.Name != name))
            {
                yield return new Finding("parameter", asked.Line, asked.Block, $"\"{action.Name}\" has no parameter \"{name}\"; it takes: {string.Join(", ", action.Parameters.Select(one => one.Name))}.");
            }
        }

        foreach (var missing in asked.Parameters is { } given && action is not null ? action.Parameters.Where(one => one is { Required: true, Default: null } && !given.Contains(one.Name)) : [])
        {
            yield return new Finding("parameter", asked.Line, asked.Block, $"\"{action!.Name}\" needs the parameter \"{missing.Name}\", which is not given here.");
        }

        if ((action is null ? !Verbs.Reads(asked.What!) : action.Reach != Reach.Reads) && !asked.Looks)
        {
            yield return new Finding("failure", asked.Line, asked.Block, asked.Callback is null
                ? $"\"{asked.What}\" changes something and has no callback: nobody learns when it fails. Give it a callback that looks at success."
                : $"\"{asked.What}\" changes something, and {asked.Callback} never looks at how it ended: use its argument success, or the datapath action_result.status.");
        }
    }

    private static IEnumerable<Finding> Datapaths(PlaybookFacts facts)
    {
        foreach (var (name, path, line, block) in facts.Datapaths)
        {
            var actions = facts.Asked.Where(asked => asked is { Kind: "act", What: not null } && asked.Name == name)
                .Select(asked => (asked.What, Manifest: ManifestOf(asked))).Where(one => one.Manifest?.Find(one.What!) is not null).ToList();
            if (actions.Count > 0 && path.StartsWith("action_result.", StringComparison.Ordinal) && !actions.Any(one => Offers(one.Manifest!, one.What!, path)))
            {
                yield return new Finding("datapath", line, block, $"\"{name}:{path}\" is none of the datapaths that {actions[0].Manifest!.Name} offers for \"{actions[0].What}\": look them up in docs/connectors.");
            }
        }
    }

    private static bool Offers(Manifest manifest, string action, string path)
    {
        var parts = path.Split('.');
        if (parts is [_, "parameter", var named, ..])
        {
            return named == "context" || manifest.Find(action)!.Parameters.Any(one => one.Name == named);
        }

        var plain = Plain(path);
        var offered = MadeUpAnswer.PathsOf(manifest, action).Select(Plain).ToList();
        return parts is not [_, "data" or "summary", _, ..] || offered.Count == 0
            || offered.Any(one => one == plain || one.StartsWith(plain + ".", StringComparison.Ordinal) || plain.StartsWith(one + ".", StringComparison.Ordinal));
    }

    /// <summary>A number stands for an item, as the star does.</summary>
    private static string Plain(string path) => string.Join('.', path.Split('.').Select(part => int.TryParse(part, out _) ? "*" : part));

    private static Manifest? ManifestOf(AskedFor asked)
    {
        if (asked.Assets is { Count: > 0 } assets)
        {
            return TrialApps.Manifests.GetValueOrDefault(assets[0]) ?? TrialApps.Manifests.Values.FirstOrDefault(one => TrialApps.Names(one, assets[0], asked.App));
        }

        return asked.App is { } app
            ? TrialApps.Manifests.Values.FirstOrDefault(one => TrialApps.Names(one, "", app))
            : TrialApps.Manifests.Values.FirstOrDefault(one => one.Find(asked.What!) is not null);
    }

    private static string OldSyntax(string message) => message.Contains("print", StringComparison.Ordinal) || message.Contains("multiple exception types", StringComparison.Ordinal)
        ? " This is Python 2: write print(…) and \"except X as e\"."
        : "";
}
