using LeadFunctions.Local.Storage.Core;

namespace LeadFunctions.Local.Tests.Storage;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("UseDevelopmentStorage=true", "table", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("usedevelopmentstorage=True;", "queue", "http://127.0.0.1:10001/devstoreaccount1", "devstoreaccount1")]
    [InlineData("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://emulator", "queue", "http://emulator:10001/devstoreaccount1", "devstoreaccount1")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=AA==;EndpointSuffix=core.windows.net", "table", "https://acc.table.core.windows.net", "acc")]
    [InlineData("AccountName=acc;AccountKey=AA==", "queue", "https://acc.queue.core.windows.net", "acc")]
    [InlineData("AccountName=acc;AccountKey=AA==;EndpointSuffix=core.usgovcloudapi.net", "queue", "https://acc.queue.core.usgovcloudapi.net", "acc")]
    [InlineData("AccountName=acc;AccountKey=AA==;TableEndpoint=http://127.0.0.1:9/acc/", "table", "http://127.0.0.1:9/acc", "acc")]
    [InlineData("TableEndpoint=https://acc.table.core.windows.net/;SharedAccessSignature=?sv=1&sig=a%3D", "table", "https://acc.table.core.windows.net", "acc")]
    [InlineData("QueueEndpoint=http://localhost:9/acc", "queue", "http://localhost:9/acc", "acc")]
    public void Each_form_gives_the_services_address_and_account(string text, string service, string endpoint, string account)
    {
        var parsed = ConnectionString.Parse(text, service);

        Assert.Equal((endpoint, account), (parsed.Endpoint, parsed.AccountName));
    }

    [Fact]
    public void A_signature_keeps_its_equal_signs_and_loses_its_question_mark()
    {
        Assert.Equal("sv=1&sig=a%3D", ConnectionString.Parse("AccountName=acc;SharedAccessSignature=?sv=1&sig=a%3D", "table").Sas);
        Assert.Equal("sv=1&sig=a=", ConnectionString.Parse("TableEndpoint=https://acc.table.core.windows.net/?sv=1&sig=a=", "table").Sas);
        Assert.Equal("AA==", ConnectionString.Parse("AccountName=acc;AccountKey=AA==", "table").AccountKey);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("=x")]
    [InlineData("AccountKey=AA==")]
    [InlineData("AccountKey=AA==;TableEndpoint=http://127.0.0.1/a")]
    [InlineData("UseDevelopmentStorage=false")]
    [InlineData("UseDevelopmentStorage=maybe")]
    public void A_string_that_says_too_little_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ConnectionString.Parse(text, "table"));
}
