namespace Vedette.Console.Shell;

/// <summary>Addresses that are built in code.</summary>
internal static class Places
{
    public const string Password = "/password";

    public static string Event(long id) => $"/events/{id}";

    public static string Events(string filter) => $"/events?q={Uri.EscapeDataString(filter)}";

    public static string Playbook(long id) => $"/playbooks/{id}";

    public static string Repository(long id) => $"/repositories/{id}";

    public static string Run(long id) => $"/runs/{id}";

    public static string Approval(long id) => $"/approvals/{id}";

    public static string App(long id) => $"/apps/{id}";

    public static string NewAsset(long app) => $"/apps/{app}/new";

    public static string List(long id) => $"/lists/{id}";

    public static string Asset(long id) => $"/apps/assets/{id}";
}
