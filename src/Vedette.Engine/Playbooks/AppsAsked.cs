using System.Text;
using System.Text.Json;
using Vedette.Engine.Apps;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Sdk;

namespace Vedette.Engine.Playbooks;

/// <summary>The apps whose actions a playbook asks for by name, with the versions installed: what it was activated with.</summary>
internal sealed class AppsAsked(IApps apps, PlaybookSources sources, Lazy<ISourceExaminer> examiner)
{
    /// <summary>A JSON object: name to version.</summary>
    public async Task<string> Of(PlaybookRow row)
    {
        var (check, json) = await examiner.Value.Examine($"{row.Name}.py", await sources.Bytes(row.SourceHash), !row.PythonVersion.StartsWith('3'), CancellationToken.None);
        var asked = SourceFacts.Read(check, json).Asks.Where(ask => ask is { Kind: "act", What: not null }).ToList();
        var installed = (await apps.Catalogue()).Apps.Select(app => ManifestReader.Read(Encoding.UTF8.GetBytes(app.Manifest)));
        return JsonSerializer.Serialize(installed.Where(app => asked.Exists(ask => app.Find(ask.What!) is not null)).DistinctBy(app => app.Name).ToDictionary(app => app.Name, app => app.Version));
    }
}
