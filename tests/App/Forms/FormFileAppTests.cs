using System.Net;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static LeadFunctions.Tests.Forms.FormDoors;

namespace LeadFunctions.Tests.Forms;

/// <summary>Files that come with forms, through the whole app.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class FormFileAppTests(SharedApp shared)
{
    [Fact]
    public async Task A_file_comes_where_the_form_asks_for_one_and_goes_out_as_an_attachment_only()
    {
        await using var app = shared.Borrow();
        const string Ask = """{"type":"email","name":"email","label":"E-mail","required":true},{"type":"file","name":"cv","label":"CV","accept":["pdf"],"maxKilobytes":300}""";
        await PublishAsync(app, "jobs", $$"""{"name":"Jobs","fields":[{{Ask}}]}""");
        byte[] pdf = [.. "%PDF-1.7\n"u8, 0xff, 0xfe, 0x00, .. new byte[280 * 1024]]; // no text, and more than a form without files may have

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("../../x/C:\\me\\My CV.pdf", pdf));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync("cv.exe", pdf));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync("cv.pdf", "<script>x</script>"u8.ToArray()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusAsync("cv.pdf", [.. pdf, .. new byte[30 * 1024]]));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("cv.pdf", pdf, field: "other"));
        Assert.Contains("enctype=\"multipart/form-data\"", (await app.GetAsync("/f/jobs", key: null)).Text, StringComparison.Ordinal);

        await app.SettleAsync();
        var sent = await EventAsync(app, "file@jobs.example", "Form Submitted");
        var cv = sent.GetProperty("properties").GetProperty("fields").GetProperty("cv");
        Assert.Equal(("My CV.pdf", "pdf", pdf.Length), (cv.GetProperty("name").GetString(), cv.GetProperty("kind").GetString(), cv.GetProperty("bytes").GetInt32()));
        var path = $"/api/forms/jobs/files/{sent.GetProperty("context").GetProperty("form").GetProperty("submission").GetString()}/cv";
        using var client = app.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", (await app.CreateKeyAsync("sales")).Key) } };
        using var file = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, "attachment", "application/octet-stream"), (file.StatusCode, file.Content.Headers.ContentDisposition?.DispositionType, file.Content.Headers.ContentType?.MediaType));
        Assert.Equal(pdf, await file.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync(path, (await app.CreateKeyAsync("read")).Key)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/forms/jobs")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync(path)).Status);

        async Task<HttpStatusCode> StatusAsync(string name, byte[] content, string field = "cv") => (await SendFileAsync(app, "jobs", "file@jobs.example", name, content, field)).Status;
    }

    [Fact]
    public async Task A_file_that_came_with_spam_is_held_with_it_and_goes_on_when_that_is_released()
    {
        await using var app = shared.Borrow();
        const string Ask = """{"type":"email","name":"email","label":"E-mail","required":true},{"type":"file","name":"cv","label":"CV","accept":["pdf"],"required":true}""";
        await PublishAsync(app, "held", $$"""{"name":"Held","fields":[{{Ask}}],"honeypot":"website"}""");
        byte[] pdf = [.. "%PDF-1.7\n"u8, 0xff, 0x00, 0x17];

        Assert.Equal(HttpStatusCode.OK, (await SendFileAsync(app, "held", "ann@held.example", "My CV.pdf", pdf, more: ("website", "x"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendFileAsync(app, "held", "eve@held.example", "cv.pdf", "MZ"u8.ToArray(), more: ("website", "x"))).Status);
        var kept = (await app.GetAsync("/api/forms/held/spam")).Json.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("answers").GetProperty("email")[0].GetString()!);
        Assert.Equal($$"""[{"field":"cv","name":"My CV.pdf","bytes":{{pdf.Length}},"held":true}]""", kept["ann@held.example"].GetProperty("files").GetRawText());
        Assert.False(kept["eve@held.example"].TryGetProperty("files", out _)); // the form would take it from nobody
        Assert.Equal(HttpStatusCode.Conflict, (await ReleaseAsync("eve@held.example")).Status); // it asks for one
        Assert.Equal(1, await HeldAsync());

        var released = await ReleaseAsync("ann@held.example");
        Assert.Equal(HttpStatusCode.Accepted, released.Status);
        await app.SettleAsync();
        var submission = released.Json.GetProperty("submission").GetString();
        Assert.Equal(submission, (await EventAsync(app, "ann@held.example", "Form Submitted")).GetProperty("context").GetProperty("form").GetProperty("submission").GetString());
        using var client = app.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/forms/held/files/{submission}/cv") { Headers = { Authorization = new("Bearer", (await app.CreateKeyAsync("marketer")).Key) } };
        using var file = await client.SendAsync(request);
        Assert.Equal(pdf, await file.Content.ReadAsByteArrayAsync());
        Assert.Equal(0, await HeldAsync());

        // As much as there is room for, and all of it goes with the form.
        var small = new FormFiles(app.NewServices().GetRequiredService<StorageClients>(), room: 2 * pdf.Length);
        Assert.Equal((true, true, false), (await HoldAsync("a"), await HoldAsync("b"), await HoldAsync("c")));
        Assert.Equal(2, await HeldAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/forms/held")).Status);
        Assert.Equal(0, await HeldAsync());

        Task<bool> HoldAsync(string submission) => small.TryHoldAsync("held", submission, "cv", new("cv.pdf", pdf), CancellationToken.None);

        Task<Answer> ReleaseAsync(string address) => app.PostAsync($"/api/forms/held/spam/{kept[address].GetProperty("id").GetString()}/release");

        async Task<int> HeldAsync()
        {
            var count = 0;
            await foreach (var _ in new BlobContainerClient(app.ConnectionString, FormFiles.Container).GetBlobsAsync(BlobTraits.None, BlobStates.None, FormFiles.Held + "held/", CancellationToken.None))
            {
                count++;
            }

            return count;
        }
    }

    private static async Task<Answer> SendFileAsync(TestApp app, string form, string email, string name, byte[] content, string field = "cv", params (string Name, string Value)[] more)
    {
        using var part = new ByteArrayContent(content);
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{field}\"; filename=\"{name}\"");
        using var body = new MultipartFormDataContent { { new StringContent(email), "email" }, part };
        foreach (var (key, value) in more)
        {
            body.Add(new StringContent(value), key);
        }

        return await SendAsync(app, form, body, accept: "application/json");
    }
}
