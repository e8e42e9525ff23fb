using Azure.Core;
using Azure.Core.Pipeline;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Tests.Platform;

/// <summary>How long storage is given for an answer.</summary>
public sealed class StoragePatienceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_what_no_request_waits_for_is_waited_for_longer_than_the_client_says(bool isForCaller)
    {
        StoragePatience.Begin(isForCaller);
        var message = await Task.Run(() =>
        {
            var sent = new HttpMessage(new HttpClientTransport().CreateRequest(), new ResponseClassifier());
            new StoragePatience().OnSendingRequest(sent);
            return sent;
        });

        Assert.Equal(isForCaller ? null : StoragePatience.InBackground, message.NetworkTimeout);
        Assert.Equal(!isForCaller, StoragePatience.IsBackground);
    }
}
