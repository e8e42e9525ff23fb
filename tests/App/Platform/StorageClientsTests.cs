using Azure;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Tests.Platform;

public sealed class StorageClientsTests
{
    [Fact]
    public void An_account_name_gives_the_public_endpoints()
    {
        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage:accountName"] = "leads", ["AzureWebJobsStorage:clientId"] = "00000000-0000-0000-0000-000000000001" });

        Assert.Equal("https://leads.table.core.windows.net/", storage.TableService.Uri.ToString());
        Assert.Equal("https://leads.queue.core.windows.net/", storage.QueueService.Uri.ToString());
        Assert.Equal("https://leads.blob.core.windows.net/", storage.BlobService.Uri.ToString());
    }

    [Fact]
    public void Service_addresses_win_over_the_account_name()
    {
        var storage = StorageClients.From(new ConfigurationManager
        {
            ["AzureWebJobsStorage:accountName"] = "leads",
            ["AzureWebJobsStorage:tableServiceUri"] = "https://leads.table.core.usgovcloudapi.net",
            ["AzureWebJobsStorage:queueServiceUri"] = "https://leads.queue.core.usgovcloudapi.net",
            ["AzureWebJobsStorage:blobServiceUri"] = "https://leads.blob.core.usgovcloudapi.net",
        });

        Assert.Equal("leads.table.core.usgovcloudapi.net", storage.TableService.Uri.Host);
        Assert.Equal("leads.queue.core.usgovcloudapi.net", storage.QueueService.Uri.Host);
        Assert.Equal("leads.blob.core.usgovcloudapi.net", storage.BlobService.Uri.Host);
    }

    [Fact]
    public void Without_a_setting_it_is_said_which_one_is_missing() =>
        Assert.Contains("AzureWebJobsStorage", Assert.Throws<InvalidOperationException>(() => StorageClients.From(new ConfigurationManager())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, null, true)]
    [InlineData(500, null, true)]
    [InlineData(503, "ServerBusy", true)]
    [InlineData(429, null, true)]
    [InlineData(404, "TableNotFound", true)]
    [InlineData(404, "ContainerNotFound", true)]
    [InlineData(404, "BlobNotFound", false)]
    [InlineData(404, "ResourceNotFound", false)]
    [InlineData(409, "EntityAlreadyExists", false)]
    [InlineData(412, "UpdateConditionNotSatisfied", false)]
    [InlineData(400, "InvalidInput", false)]
    [InlineData(403, "AuthenticationFailed", false)]
    public void An_outage_is_told_from_a_refusal(int status, string? code, bool isOutage)
    {
        var failed = new RequestFailedException(status, "secret detail", code, null);

        Assert.Equal(isOutage, StorageOutage.Is(failed));
        Assert.Equal(isOutage, StorageOutage.Is(new AggregateException(failed, failed)));
        Assert.DoesNotContain("secret", StorageOutage.Describe(failed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bug_is_no_outage() => Assert.False(StorageOutage.Is(new InvalidOperationException()));
}
