using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class PlaybookResource(IPlaybooks playbooks, Records records) : IResource
{
    public const int LargestPart = 8 * 1024 * 1024;

    public IReadOnlyList<string> Names => ["playbook", "import_playbook"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path[0] == "import_playbook")
        {
            return call.Method == "POST" && call.Path.Count == 1 ? await Import(call) : Resource.NotAllowed(call);
        }

        if (call.Path.Count == 1)
        {
            return call.IsGet ? await List(call) : Resource.NotAllowed(call);
        }

        if (RestCall.Id(call.Path[1]) is not { } id || call.Path.Count > 2)
        {
            return RestAnswer.NotFound("playbook");
        }

        if (call.Method != "POST")
        {
            return call.IsGet ? await records.One(call, RecordTypes.Playbook, id) : Resource.NotAllowed(call);
        }

        var body = call.Json().RequireObject();
        return await call.Work.Write(
            unit => playbooks.Change(unit, call.Caller, new PlaybookId(id), body.Truth("active"), body.Truth("cancel_runs") ?? false),
            _ => RestAnswer.Ok(new JsonObject { ["success"] = true, ["message"] = "Operation successful" }),
            call.Ct);
    }

    /// <summary>The repository has a number on the wire and a name with us.</summary>
    private Task<RestAnswer> List(RestCall call)
    {
        const string Scm = "_filter_scm";
        if (call.Param(Scm) is not { } literal)
        {
            return records.List(call, RecordTypes.Playbook);
        }

        var repository = Coerce.Whole(Literals.Read(literal)) switch
        {
            1 => "local",
            2 => "community",
            null => throw new BadQueryException("scm takes the number of a repository: 1 for local, 2 for community."),
            _ => "",
        };
        return records.List(call, RecordTypes.Playbook, Where.Is("Repository", repository), Scm);
    }

    private async Task<RestAnswer> Import(RestCall call)
    {
        var body = call.Json().RequireObject();
        var (name, source, metadata) = await Unpacked(body.Text("playbook") ?? throw new BadRequestException("playbook is missing: a gzip tar in base64."), call.Ct);
        var repository = body.Text("scm") switch
        {
            null or "1" => "local",
            "2" => "community",
            var named => named,
        };
        var import = new PlaybookImport(repository, name, source, metadata, body.Truth("force") ?? false);
        return await call.Work.Write(
            unit => playbooks.Import(unit, call.Caller, import),
            imported => RestAnswer.Ok(new JsonObject
            {
                ["success"] = true,
                ["id"] = imported.Id.Value,
                ["passed_validation"] = imported.Fault.Length == 0,
                ["message"] = $"Playbook \"{repository}/{name}\" was imported{(imported.Fault.Length == 0 ? "." : $" and cannot run: {imported.Fault}")}",
            }),
            call.Ct);
    }

    /// <summary>Reads the two files in memory and bounded; nothing is written to disk, so no path in the archive means anything.</summary>
    private static async Task<(string Name, byte[] Source, JsonElement? Metadata)> Unpacked(string base64, CancellationToken ct)
    {
        byte[]? source = null;
        var name = "";
        JsonElement? metadata = null;
        try
        {
            using var packed = new MemoryStream(Convert.FromBase64String(base64));
            using var unzipped = new GZipStream(packed, CompressionMode.Decompress);
            using var tar = new TarReader(unzipped);
            while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (entry.Length > LargestPart)
                {
                    throw new BadRequestException($"A file of the archive has {entry.Length} bytes; {LargestPart} are allowed.");
                }

                var file = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.DataStream is null || file.Length == 0)
                {
                    continue;
                }

                using var content = new MemoryStream();
                await entry.DataStream.CopyToAsync(content, ct);
                if (file.EndsWith(".py", StringComparison.Ordinal) && source is null)
                {
                    (name, source) = (file[..^3], content.ToArray());
                }
                else if (file.EndsWith(".json", StringComparison.Ordinal) && metadata is null)
                {
                    using var parsed = JsonDocument.Parse(Encoding.UTF8.GetString(content.ToArray()));
                    metadata = parsed.RootElement.Clone();
                }
            }
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or EndOfStreamException or JsonException)
        {
            throw new BadRequestException("playbook is no gzip tar in base64 with a .py and a .json that can be read.", exception);
        }

        return source is null ? throw new BadRequestException("The archive has no .py file.") : (name, source, metadata);
    }
}
