using System.Formats.Asn1;
using System.Text;

namespace Vedette.Lab.Directory;

internal enum SearchScope { Base = 0, OneLevel = 1, Subtree = 2 }

/// <summary>One search request and how it is carried out.</summary>
internal sealed class LdapSearch
{
    /// <summary>MaxPageSize of Active Directory.</summary>
    private const int MostEntries = 1000;

    private readonly string _baseDn;
    private readonly SearchScope _scope;
    private readonly int _sizeLimit;
    private readonly bool _typesOnly;
    private readonly Func<DirectoryEntry, bool> _filter;
    private readonly HashSet<string> _attributes;

    private LdapSearch(
        string baseDn, SearchScope scope, int sizeLimit, bool typesOnly, Func<DirectoryEntry, bool> filter, HashSet<string> attributes)
    {
        (_baseDn, _scope, _sizeLimit, _typesOnly, _filter, _attributes) = (baseDn, scope, sizeLimit, typesOnly, filter, attributes);
    }

    internal bool IsRootDse => _baseDn.Length == 0 && _scope is SearchScope.Base;

    internal static LdapSearch Read(AsnReader request, HaldenDirectory directory)
    {
        var baseDn = Encoding.UTF8.GetString(request.ReadOctetString());
        var scope = request.ReadEnumeratedValue<SearchScope>();
        request.ReadEnumeratedBytes();
        request.TryReadInt32(out var sizeLimit);
        request.ReadInteger();
        var typesOnly = request.ReadBoolean();
        var filter = LdapFilter.Read(request, directory);
        var wanted = request.ReadSequence();
        var attributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (wanted.HasData)
        {
            attributes.Add(Encoding.UTF8.GetString(wanted.ReadOctetString()));
        }

        return new(baseDn, scope, sizeLimit, typesOnly, filter, attributes);
    }

    /// <summary>All messages of the answer, entries first.</summary>
    internal byte[] Carry(int id, HaldenDirectory directory, PagedResults? paging)
    {
        if (IsRootDse)
        {
            return Answer(id, _filter(directory.Root) ? [directory.Root] : [], LdapResult.Success, null);
        }

        if (!directory.Entries.Any(entry => entry.Dn.Equals(_baseDn, StringComparison.OrdinalIgnoreCase)))
        {
            return LdapMessage.Result(id, LdapOperation.SearchDone, LdapResult.NoSuchObject,
                "0000208D: NameErr: DSID-0310028D, problem 2001 (NO_OBJECT), data 0, best match of:\n\t''\n");
        }

        var found = directory.Entries.Where(entry => InScope(entry.Dn) && _filter(entry)).ToList();
        if (paging is { Size: > 0 })
        {
            var page = found.Skip(paging.Offset).Take(paging.Size).ToList();
            var next = paging.Offset + page.Count;
            return Answer(id, page, LdapResult.Success,
                writer => PagedResults.Write(writer, found.Count, next < found.Count ? next : null));
        }

        var most = _sizeLimit is > 0 and < MostEntries ? _sizeLimit : MostEntries;
        return Answer(id, found.Take(most), found.Count > most ? LdapResult.SizeLimitExceeded : LdapResult.Success, null);
    }

    private byte[] Answer(int id, IEnumerable<DirectoryEntry> entries, LdapResult result, Action<AsnWriter>? controls)
    {
        using var whole = new MemoryStream();
        foreach (var entry in entries)
        {
            whole.Write(LdapMessage.Entry(id, entry, Wants, _typesOnly));
        }

        whole.Write(LdapMessage.Result(id, LdapOperation.SearchDone, result, controls: controls));
        return whole.ToArray();
    }

    private bool Wants(string attribute) => _attributes.Count == 0 || _attributes.Contains("*") || _attributes.Contains(attribute);

    private bool InScope(string dn)
    {
        const StringComparison loose = StringComparison.OrdinalIgnoreCase;
        var isBase = dn.Equals(_baseDn, loose);
        return _scope switch
        {
            SearchScope.Base => isBase,
            SearchScope.Subtree => isBase || dn.EndsWith("," + _baseDn, loose),
            _ => dn.EndsWith("," + _baseDn, loose) && !dn[..^(_baseDn.Length + 1)].Contains(',', StringComparison.Ordinal),
        };
    }
}
