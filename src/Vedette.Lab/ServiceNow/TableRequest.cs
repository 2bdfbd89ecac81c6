using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Vedette.Lab.ServiceNow;

internal enum DisplayValue { No, Yes, All }

/// <summary>The <c>sysparm_</c> words of one Table API request.</summary>
internal sealed class TableRequest
{
    private readonly HashSet<string>? _fields;

    internal TableRequest(HttpRequest request)
    {
        var query = request.Query;
        // Plain field=value filters are joined to the encoded query, as the API does.
        var plain = query.Where(pair => !pair.Key.StartsWith("sysparm_", StringComparison.Ordinal)).Select(pair => $"{pair.Key}={pair.Value}");
        Query = string.Join('^', plain.Prepend(query["sysparm_query"].ToString()).Where(part => part.Length > 0));
        Limit = Number(query["sysparm_limit"].ToString(), 10000);
        Offset = Number(query["sysparm_offset"].ToString(), 0);
        Display = query["sysparm_display_value"].ToString().ToLowerInvariant() switch
        {
            "true" => DisplayValue.Yes,
            "all" => DisplayValue.All,
            _ => DisplayValue.No,
        };
        ExcludeLinks = string.Equals(query["sysparm_exclude_reference_link"], "true", StringComparison.OrdinalIgnoreCase);
        if (query["sysparm_fields"].ToString() is { Length: > 0 } fields)
        {
            _fields = fields.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        }
    }

    internal string Query { get; }

    internal int Limit { get; }

    internal int Offset { get; }

    internal DisplayValue Display { get; }

    internal bool ExcludeLinks { get; }

    internal bool Wants(string field) => _fields is null || _fields.Contains(field);

    private static int Number(string text, int otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
