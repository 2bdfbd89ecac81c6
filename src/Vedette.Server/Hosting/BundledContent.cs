using System.Text.Json;
using Vedette.Engine.Access;
using Vedette.Engine.Lists;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;
using Path = System.IO.Path;

namespace Vedette.Server.Hosting;

/// <summary>Brings the playbooks that come with the program, and the lists they read, into a new installation. What somebody changed stays.</summary>
internal sealed class BundledContent(IStore store, IPlaybooks playbooks, ILists lists, ServerOptions options)
{
    public const string Repository = "community";

    /// <summary>What the alerts of the lab are for. The others wait for somebody to switch them on.</summary>
    private const string ActiveInLab = "investigate_suspicious_outbound_connection";

    /// <summary>Does nothing where there are playbooks already, unless a lab is to be played with.</summary>
    public async Task BringIfNew(CancellationToken ct)
    {
        if (options.Lab is not null || await store.Count<PlaybookRow>(Where.All, ct) == 0)
        {
            await Bring(activate: options.Lab is not null);
        }
    }

    private async Task Bring(bool activate)
    {
        if (!Directory.Exists(options.PlaybookFolder))
        {
            throw new SetupException($"The folder of playbooks {options.PlaybookFolder} is not there; the program is not whole.");
        }

        var functions = Path.Combine(options.PlaybookFolder, "custom_functions");
        foreach (var file in new[] { functions, options.PlaybookFolder }.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)))
        {
            var source = Path.ChangeExtension(file, ".py");
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            await (File.Exists(source) ? Playbook(source, json.RootElement, activate) : List(Path.GetFileNameWithoutExtension(file), json.RootElement));
        }
    }

    private async Task Playbook(string file, JsonElement metadata, bool activate)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var bytes = await File.ReadAllBytesAsync(file);
        var imported = await Units.Decide(store, unit => playbooks.Import(unit, Caller.Platform, new PlaybookImport(Repository, name, bytes, metadata, Force: true)));
        if (!imported.Ok(out var taken, out var refusal))
        {
            throw new SetupException($"The playbook {file} was not taken in: {refusal.Message}");
        }

        if (activate && name == ActiveInLab)
        {
            var active = await Units.Decide(store, unit => playbooks.Change(unit, Caller.Platform, taken.Id, new PlaybookChange(Active: true)));
            if (active.Refused)
            {
                throw new SetupException($"The playbook {file} cannot be activated: {active.Refusal.Message}");
            }
        }
    }

    private async Task List(string name, JsonElement content)
    {
        if ((await lists.Get(Caller.Platform, name)).Refused)
        {
            var rows = content.ValueKind == JsonValueKind.Object && content.TryGetProperty("content", out var inside) ? inside : content;
            var made = await Units.Decide(store, unit => lists.Create(unit, Caller.Platform, name, rows));
            if (made.Refused)
            {
                throw new SetupException($"The list {name} was not made: {made.Refusal.Message}");
            }
        }
    }
}
