using System.Text.Json;
using Vedette.Server.Hosting;

namespace Vedette.Settings;

/// <summary>Settings out of a JSON file: an object with a setting's key for each member. Comments and a last comma are let pass.</summary>
internal static class SettingsFile
{
    public const string Name = "settings.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static Dictionary<Setting, IReadOnlyList<string>> Read(string file)
    {
        var read = new Dictionary<Setting, IReadOnlyList<string>>();
        using var json = Parse(file);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new SetupException($"{file} has to be a JSON object, as in {{\"urls\": \"https://127.0.0.1:8443\"}}.");
        }

        foreach (var member in json.RootElement.EnumerateObject())
        {
            var setting = AllSettings.Find(member.Name) ?? throw new SetupException($"{file}: there is no setting \"{member.Name}\". {Nearest(member.Name)}All are listed by: vedette settings");
            if (setting.Secret && (File.GetUnixFileMode(file) & ~PrivateFile.Mode) != 0)
            {
                throw new SetupException($"{file} holds \"{setting.Key}\", which may hold a password, and others may read it. Close it: chmod 600 \"{file}\"");
            }

            read[setting] = Values(file, setting, member.Value);
        }

        return read;
    }

    private static JsonDocument Parse(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file), Lenient);
        }
        catch (JsonException exception)
        {
            throw new SetupException($"{file} is no JSON that can be read (line {exception.LineNumber + 1}): {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The settings file {file} cannot be read: {exception.Message}", exception);
        }
    }

    private static IReadOnlyList<string> Values(string file, Setting setting, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when setting.Many => [.. value.EnumerateArray().Select(one => One(file, setting, one))],
        _ => [One(file, setting, value)],
    };

    private static string One(string file, Setting setting, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new SetupException($"{file}: \"{setting.Key}\" has to be {(setting.Many ? "a list of text" : "text or a number")} ({setting.Unit})."),
    };

    private static string Nearest(string key) =>
        AllSettings.Table.FirstOrDefault(setting => setting.Key.Replace("_", "", StringComparison.Ordinal).Equals(key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)
            || setting.Key.StartsWith(key, StringComparison.OrdinalIgnoreCase) || key.StartsWith(setting.Key, StringComparison.OrdinalIgnoreCase)) is { } near
            ? $"Do you mean \"{near.Key}\"? "
            : "";
}
