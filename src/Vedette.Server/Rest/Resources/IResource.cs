namespace Vedette.Server.Rest.Resources;

/// <summary>Routes under <c>/rest</c> that belong together: mostly those with the same first segment.</summary>
internal interface IResource
{
    IEnumerable<Route> Routes { get; }
}
