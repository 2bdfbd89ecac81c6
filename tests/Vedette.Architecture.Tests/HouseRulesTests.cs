using System.Reflection;
using System.Reflection.Metadata;

namespace Vedette.Architecture.Tests;

/// <summary>The rules of the house that a compiler does not keep: who may reference whom, and where sockets are.</summary>
public sealed class HouseRulesTests
{
    [Theory]
    [InlineData("Vedette.Model", "")]
    [InlineData("Vedette.Sdk", "Vedette.Model")]
    [InlineData("Vedette.Engine", "Vedette.Model Vedette.Sdk")]
    [InlineData("Vedette.Storage", "Vedette.Engine Vedette.Model")]
    [InlineData("Vedette.Workers", "Vedette.Engine Vedette.Model")]
    [InlineData("Vedette.WayOut", "Vedette.Sdk")]
    [InlineData("Vedette.Git", "Vedette.Engine Vedette.Model Vedette.WayOut")]
    [InlineData("Vedette.Connectors", "Vedette.Sdk Vedette.Model")]
    [InlineData("Vedette.Lab", "Vedette.Model")]
    [InlineData("Vedette.Console", "Vedette.Engine Vedette.Model")]
    public void ProjectReferencesOnlyWhatItMay(string project, string allowed)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Vedette.", StringComparison.Ordinal));

        Assert.Empty(references.Except(allowed.Split(' ')));
    }

    [Theory]
    [InlineData("Vedette.Engine", "System.Net.Http")]
    [InlineData("Vedette.Engine", "System.Net.Sockets")]
    [InlineData("Vedette.Engine", "Microsoft.Data.Sqlite")]
    [InlineData("Vedette.Engine", "Npgsql")]
    [InlineData("Vedette.Engine", "System.Diagnostics.Process")]
    [InlineData("Vedette.Connectors", "System.Net.Sockets")]
    [InlineData("Vedette.Connectors", "System.Net.Security")]
    [InlineData("Vedette.Connectors", "System.Net.NameResolution")]
    [InlineData("Vedette.Connectors", "System.Net.Requests")]
    [InlineData("Vedette.Connectors", "System.Net.WebClient")]
    [InlineData("Vedette.Connectors", "System.Net.WebSockets.Client")]
    [InlineData("Vedette.Connectors", "System.Net.Mail")]
    [InlineData("Vedette.Connectors", "System.Net.Quic")]
    [InlineData("Vedette.Connectors", "System.Net.Ping")]
    [InlineData("Vedette.Connectors", "System.Net.HttpListener")]
    [InlineData("Vedette.Connectors", "System.DirectoryServices.Protocols")]
    [InlineData("Vedette.Connectors", "System.Diagnostics.Process")]
    public void ProjectKnowsNothingOf(string project, string assembly) =>
        Assert.DoesNotContain(assembly, Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name));

    /// <summary>
    /// Pages act by the doors and read by one reader, which asks what the caller may see: a page with the store at hand would be a second
    /// wall with its own holes.
    /// </summary>
    [Fact]
    public void ConsoleHasTheStoreInTwoPlacesOnly()
    {
        var users = Assembly.Load("Vedette.Console").GetTypes()
            .Where(type => UsedTypes.Of(type).Any(used => used.FullName is "Vedette.Engine.Storage.IStore"))
            .Select(type => (type.DeclaringType ?? type).Name.Split('`')[0]).Distinct();

        Assert.Equal(["Acts", "Reader"], users.Order(StringComparer.Ordinal));
    }

    /// <summary>The assembly of HTTP is needed for its messages; what opens a connection in it is not.</summary>
    [Fact]
    public void T11_ConnectorsHaveNoClientOfTheirOwn()
    {
        using var file = File.OpenRead(Assembly.Load("Vedette.Connectors").Location);
        using var image = new System.Reflection.PortableExecutable.PEReader(file);
        var metadata = image.GetMetadataReader();
        var clients = metadata.TypeReferences.Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Name))
            .Intersect(["HttpClient", "HttpClientHandler", "SocketsHttpHandler", "HttpMessageInvoker", "WinHttpHandler", "Socket", "TcpClient", "UdpClient", "WebClient", "Dns", "LdapConnection", "SslStream"]);

        Assert.Empty(clients);
    }
}
