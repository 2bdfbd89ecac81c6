namespace Vedette.Storage.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("Host=db.example;Database=v;Username=u;Password=canary", "the PostgreSQL database v on db.example:5432")]
    [InlineData("Host=/run/postgresql;Database=v;Username=u;Password=canary", "the PostgreSQL database v on the socket in /run/postgresql")]
    [InlineData("Host=127.0.0.1;Port=5433;Database=v;Username=u;Password=\"can;ary\";SSL Mode=Disable", "the PostgreSQL database v on 127.0.0.1:5433")]
    public void WhatIsSaidOfIt_HoldsNoPassword(string text, string words) => Assert.Equal(words, PostgresAddress.Parse(text).ToString());

    [Theory]
    [InlineData("Host=db.example;Database=v;Username=u;Password=canary;SSL Mode=Prefer", "in the clear")]
    [InlineData("Host=db.example;Database=v;Username=u;Password=canary;SSL Mode=Disable", "in the clear")]
    [InlineData("Host=db.example;Database=v;Password=canary", "names no Username")]
    [InlineData("Host=a,b;Database=v;Username=u;Password=canary", "names several hosts")]
    [InlineData("Host=db.example;Database=v;Username=u;Password=x;canary=1", "cannot be read")]
    [InlineData("Host=db.example;Database=v;Username=u;Password=x;canary", "cannot be read")]
    [InlineData("Host=db.example;Port=canary;Database=v;Username=u", "cannot be read")]
    [InlineData("postgresql://u:canary@db.example/v", "cannot be read")]
    public void WhatCannotBeUsed_IsRefusedWithoutRepeatingIt(string text, string words)
    {
        var refused = Assert.Throws<StoreException>(() => PostgresAddress.Parse(text));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
    }
}
