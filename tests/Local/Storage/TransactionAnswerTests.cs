using System.Text;
using Azure.Data.Tables;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>Transaction answers as the real service writes them, which differ from the emulator's in headers and spacing.</summary>
public sealed class TransactionAnswerTests
{
    private const string Accepted = """
        --batchresponse_e69b1c6c-62ff-471e-ab88-9a4aeef0ae29
        Content-Type: multipart/mixed; boundary=changesetresponse_a6253244-7e21-42a8-a149-479ee9e94a25

        --changesetresponse_a6253244-7e21-42a8-a149-479ee9e94a25
        Content-Type: application/http
        Content-Transfer-Encoding: binary

        HTTP/1.1 204 No Content
        X-Content-Type-Options: nosniff
        Cache-Control: no-cache
        Preference-Applied: return-no-content
        DataServiceVersion: 3.0;
        Location: https://acc.table.core.windows.net/T(PartitionKey='p',RowKey='a')
        DataServiceId: https://acc.table.core.windows.net/T(PartitionKey='p',RowKey='a')
        ETag: W/"datetime'2026-01-02T03%3A04%3A05.0000001Z'"


        --changesetresponse_a6253244-7e21-42a8-a149-479ee9e94a25
        Content-Type: application/http
        Content-Transfer-Encoding: binary

        HTTP/1.1 204 No Content
        X-Content-Type-Options: nosniff
        DataServiceVersion: 1.0;


        --changesetresponse_a6253244-7e21-42a8-a149-479ee9e94a25--
        --batchresponse_e69b1c6c-62ff-471e-ab88-9a4aeef0ae29--

        """;

    private const string Refused = """
        --batchresponse_1
        Content-Type: multipart/mixed; boundary=changesetresponse_2

        --changesetresponse_2
        Content-Type: application/http
        Content-Transfer-Encoding: binary

        HTTP/1.1 412 Precondition Failed
        X-Content-Type-Options: nosniff
        DataServiceVersion: 3.0;
        Content-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8

        {"odata.error":{"code":"UpdateConditionNotSatisfied","message":{"lang":"en-US","value":"42:The update condition specified in the request was not satisfied.\nHTTP/1.1 200 OK\nRequestId:1\nTime:2026-01-02T03:04:05.0000000Z"}}}
        --changesetresponse_2--
        --batchresponse_1--

        """;

    [Fact]
    public void Parts_stand_in_order_and_keep_their_own_headers()
    {
        var parts = TransactionPart.ReadAll(Bytes(Accepted));

        Assert.Equal([204, 204], parts.Select(part => part.Status));
        Assert.Equal("W/\"datetime'2026-01-02T03%3A04%3A05.0000001Z'\"", parts[0].Headers.ETag.ToString());
        Assert.Null(parts[1].Headers.ETag);
        Assert.True(parts[0].Headers.TryGetValue("location", out var location));
        Assert.Equal("https://acc.table.core.windows.net/T(PartitionKey='p',RowKey='a')", location);
        Assert.Contains(parts[0].Headers, header => header is { Name: "Preference-Applied", Value: "return-no-content" });
        Assert.Equal(2, parts[1].Headers.Count());
    }

    [Fact]
    public void A_refusal_tells_status_code_and_the_index_that_its_message_starts_with()
    {
        var failure = Assert.Single(TransactionPart.ReadAll(Bytes(Refused))).Failure();

        Assert.Equal((412, "UpdateConditionNotSatisfied", 42), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Contains("was not satisfied", failure.Message);
    }

    [Fact]
    public void Damaged_answers_never_break_the_reader()
    {
        var random = new Random(20260102);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Bytes(round % 2 == 0 ? Accepted : Refused);
            var length = random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length;
            for (var change = random.Next(1, 20); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => (byte)'\n', 1 => (byte)'"', _ => (byte)random.Next(256) };
            }

            foreach (var part in TransactionPart.ReadAll(bytes.AsMemory(0, length)))
            {
                _ = part.Headers.Contains("ETag");
                _ = part.Headers.Count();
                _ = part.Failure().FailedTransactionActionIndex;
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
}
