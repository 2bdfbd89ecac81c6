namespace Vedette.Engine.Vault;

/// <summary>Where content of the vault lies. A file is written whole or not at all, and never changed.</summary>
public interface IVaultFiles
{
    /// <summary>Writes under a new name and answers when it is on disk, under that name. An exception of <paramref name="content"/> leaves nothing.</summary>
    /// <param name="name">Asked for when all is written: what the name begins with.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    Task<string> Write(Stream content, Func<string> name, CancellationToken ct);

    /// <exception cref="IOException">It is not there.</exception>
    Stream Open(string file);

    /// <summary>Removes it, and is content when it is gone already.</summary>
    void Remove(string file);

    /// <summary>What lay there when this process began.</summary>
    IReadOnlyList<string> FromBefore();
}
