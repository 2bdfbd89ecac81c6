using System.Globalization;
using Vedette.Connectors.Calling;
using Vedette.Engine;
using Vedette.Engine.Actions;
using Vedette.Engine.Containers;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Server.Rest;
using Vedette.Server.Rest.Queries;
using Vedette.Server.Rest.Resources;
using Vedette.Storage;
using Path = System.IO.Path;

namespace Vedette.Server.Tests;

/// <summary>The page of limits says what the code does.</summary>
public sealed class LimitsPageTests
{
    [Fact]
    public async Task PageOfLimits_HasTheNumbersOfTheCode()
    {
        var turn = TurnLimits.Default;
        var caps = new Caps();
        var store = new SqliteStoreOptions { Folder = "" };
        Dictionary<string, long> code = new()
        {
            ["Bytes of a body"] = RestEndpoints.LargestBody,
            ["Levels of nesting in a body"] = RestCall.Deepest,
            ["Elements of a body that is a list"] = Arrays.Most,
            ["Artifacts in one alert"] = Limits.ArtifactsPerAlert,
            ["Records in one answer"] = Records.Most,
            ["Characters of a name"] = Limits.NameLength,
            ["Characters of a description"] = Limits.DescriptionLength,
            ["Characters of a source_data_identifier"] = Limits.IdentifierLength,
            ["Characters of a word (label, type, kill_chain, a tag)"] = Limits.WordLength,
            ["Tags"] = Limits.Tags,
            ["Fields of cef or custom_fields"] = Limits.Keys,
            ["Characters of a key"] = Limits.KeyLength,
            ["Characters of cef"] = Limits.CefLength,
            ["Characters of data"] = Limits.DataLength,
            ["Characters of custom_fields"] = Limits.CustomFieldsLength,
            ["Characters of a note"] = Limits.NoteLength,
            ["Characters of a comment"] = Limits.CommentLength,
            ["Characters of a pin"] = Limits.PinLength,
            ["Characters of a custom list"] = Limits.ListLength,
            ["Severities of an installation"] = Limits.Severities,
            ["Bytes of a file in the vault"] = Limits.VaultFileBytes,
            ["Bytes of files that a turn gets out of the vault"] = Limits.VaultBytesOfTurn,
            ["Bytes of a file in an imported archive"] = PlaybookArchives.LargestPart,
            ["Bytes of a source"] = PlaybookImporter.MaxSource,
            ["Seconds of a turn"] = (long)turn.Deadline.TotalSeconds,
            ["Bytes of memory of a turn"] = turn.MemoryBytes,
            ["Calls and one-way messages of a turn"] = turn.MaxCalls,
            ["Bytes of one message (frame)"] = turn.MaxFrameBytes,
            ["Bytes sent in a turn"] = turn.MaxBytes,
            ["Levels of nesting in a message"] = turn.MaxDepth,
            ["Lines of log of a turn"] = turn.MaxLogLines,
            ["Bytes of log of a turn"] = turn.MaxLogBytes,
            ["Tries of a turn whose interpreter ended"] = RunOwner.MaxTries,
            ["Actions a run asks for"] = caps.ActionsPerRun,
            ["Actions a run begins that write on other systems"] = caps.WritesPerRun,
            ["Turns of a run"] = caps.TurnsPerRun,
            ["Actions within an hour that change other systems"] = caps.ChangesPerHour,
            ["Parameter sets in one asking"] = ActionRoom.MaxParameterSets,
            ["Bytes of an answer over HTTP"] = Exchange.MostBytes,
            ["Seconds an asset may be given to answer"] = PlatformSettings.LongestAnswer,
            ["Attempts of a call"] = CarryOut.Attempts,
            ["Seconds of pause between attempts"] = (long)Retrying.LongestPause.TotalSeconds,
            ["Tries of a write that others were faster at"] = Units.Tries,
            ["Bytes of the write-ahead log before it is taken into the database"] = store.CheckpointAt,
            ["Seconds of a query"] = (long)store.LongestRead.TotalSeconds,
        };

        Assert.Equal(code.OrderBy(limit => limit.Key, StringComparer.Ordinal), (await Page()).OrderBy(limit => limit.Key, StringComparer.Ordinal));
    }

    private static async Task<Dictionary<string, long>> Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Vedette.slnx")))
        {
            folder = folder.Parent!;
        }

        return (await File.ReadAllLinesAsync(Path.Combine(folder.FullName, "docs", "limits.md"), TestContext.Current.CancellationToken))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 3 && cells[2].All(char.IsAsciiDigit))
            .ToDictionary(cells => cells[1], cells => long.Parse(cells[2], CultureInfo.InvariantCulture));
    }
}
