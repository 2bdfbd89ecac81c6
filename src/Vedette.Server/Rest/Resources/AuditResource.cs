namespace Vedette.Server.Rest.Resources;

internal sealed class AuditResource(AuditLists audit) : IResource
{
    public IEnumerable<Route> Routes => [audit.Of("audit", "Read the audit trail", null)];
}
