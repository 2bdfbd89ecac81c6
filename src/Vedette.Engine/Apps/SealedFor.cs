using System.Text;

namespace Vedette.Engine.Apps;

/// <summary>Where a secret belongs.</summary>
/// <param name="AddressDigest">Of the settings that say where it is sent.</param>
internal sealed record SealedFor(long AssetId, string Field, string AddressDigest)
{
    public byte[] Bytes() => Encoding.UTF8.GetBytes($"vedette asset secret\n{AssetId}\n{AddressDigest}\n{Field}");
}
