namespace Vedette.Lab;

/// <summary>
/// The credentials of the stand-ins. They are made up, open nothing but the lab, and are spelt so that anyone who
/// finds one in a log knows where it comes from.
/// </summary>
public static class LabCredentials
{
    public const string SplunkUser = "lab-soar";
    public const string SplunkPassword = "made-up-lab-splunk-password";
    public const string SplunkToken = "made-up-lab-splunk-token";

    public const string LdapUser = "svc-soar@corp.halden.example";
    public const string LdapPassword = "made-up-lab-ldap-password";

    public const string ShodanKey = "MADEUPLABSHODANKEY00000000000000";

    public const string ServiceNowUser = "lab.soar";
    public const string ServiceNowPassword = "made-up-lab-servicenow-password";
}
