using System.Text.Json;

namespace Vedette.Storage.Carriage;

/// <summary>What a backup says of itself; the last part of its file.</summary>
/// <param name="Format">1.</param>
/// <param name="Program">Version of Vedette that made it.</param>
/// <param name="Store">What kind of store it was made of, for people.</param>
/// <param name="KeyId">Id of the key that seals the secrets in it; null where there was none. The key itself is in no backup.</param>
/// <param name="LastMessage">The newest message there ever was.</param>
/// <param name="Missing">Files that rows name and that were not there when the backup was made.</param>
public sealed record BackupManifest(
    int Format, DateTimeOffset MadeAt, string Program, string Store, long Schema, string? KeyId, long LastMessage, IReadOnlyList<TableCount> Tables, IReadOnlyList<BackupFilePart> Files, IReadOnlyList<string> Missing)
{
    internal const string Name = "manifest.json";
    internal const int KnownFormat = 1;

    internal static JsonSerializerOptions Form { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public long Rows => Tables.Sum(table => table.Rows);
}

/// <param name="File">Within the vault.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the content, in hexadecimal.</param>
public sealed record BackupFilePart(string File, long Size, string Sha256);
