namespace Vedette.Engine.Hall;

/// <summary>How much of anything an event takes. What exceeds one of these is refused with a sentence that names it.</summary>
public static class Limits
{
    public const int NameLength = 1_000;
    public const int DescriptionLength = 100_000;
    public const int IdentifierLength = 1_000;
    public const int WordLength = 200;
    public const int Tags = 500;
    public const int Keys = 1_000;
    public const int KeyLength = 500;
    public const int CefLength = 4_000_000;
    public const int DataLength = 16_000_000;
    public const int CustomFieldsLength = 1_000_000;
    public const int Depth = 64;

    /// <summary>Artifacts inside one alert.</summary>
    public const int ArtifactsPerAlert = 1_000;

    public const int NoteLength = 1_000_000;
    public const int CommentLength = 100_000;
    public const int PinLength = 10_000;
    public const int ListLength = 16_000_000;

    /// <summary>Of an installation, those taken away not counted.</summary>
    public const int Severities = 10;

    /// <summary>Bytes of a file in the vault.</summary>
    public const long VaultFileBytes = 32L << 20;

    /// <summary>Bytes of files that one turn of a playbook gets out of the vault.</summary>
    public const long VaultBytesOfTurn = 128L << 20;
}
