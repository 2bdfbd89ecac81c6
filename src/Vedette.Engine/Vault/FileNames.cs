namespace Vedette.Engine.Vault;

/// <summary>Names that senders gave to files: words for people. Nothing is ever opened by one.</summary>
internal static class FileNames
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = "text/csv",
        [".eml"] = "message/rfc822",
        [".gif"] = "image/gif",
        [".htm"] = "text/html",
        [".html"] = "text/html",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".json"] = "application/json",
        [".pdf"] = "application/pdf",
        [".png"] = "image/png",
        [".txt"] = "text/plain",
        [".xml"] = "application/xml",
        [".zip"] = "application/zip",
    };

    /// <summary>Without folders before it, and without what a terminal or a header would obey.</summary>
    public static string Plain(string? name, string otherwise)
    {
        var last = (name ?? "").Split('/', '\\')[^1];
        var plain = string.Concat(last.Where(letter => !char.IsControl(letter) && letter != '"')).Trim();
        return plain is "" or "." or ".." ? otherwise : plain;
    }

    /// <summary>By the name's ending alone: it is told to people, and no browser is let show a file.</summary>
    public static string MimeType(string name) => Types.GetValueOrDefault(System.IO.Path.GetExtension(name), "application/octet-stream");
}
