using System.Net;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Platform;

/// <summary>Storage that is not there, which takes an emulator and an app of the test's own.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Without_storage_the_answer_is_503_with_retry_after_and_with_storage_again_it_works_without_a_restart()
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        await using var app = await TestApp.StartAsync(App.Build, account: emulator.NewAccount());
        app.ExpectErrors();
        await emulator.StopAsync();

        var refused = await Eventually.ThatAsync(() => app.GetAsync("/api/sources"), answer => answer.Status == HttpStatusCode.ServiceUnavailable, TimeSpan.FromMinutes(2));
        var health = await app.GetAsync("/healthz", key: null);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("/problems/unavailable", refused.Problem);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Status);

        await emulator.StartAsync();
        await Eventually.ThatAsync(() => app.GetAsync("/api/sources"), a => a.Status == HttpStatusCode.OK, TimeSpan.FromSeconds(30));
        await Eventually.ThatAsync(() => app.GetAsync("/healthz", key: null), a => a.Status == HttpStatusCode.OK, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_app_starts_without_storage_and_works_once_storage_is_there()
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var account = emulator.NewAccount();
        await emulator.StopAsync();
        await using var app = await TestApp.StartAsync(App.Build, account: account);
        app.ExpectErrors();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.GetAsync("/api/sources")).Status);

        await emulator.StartAsync();

        await Eventually.ThatAsync(() => app.GetAsync("/healthz", key: null), a => a.Status == HttpStatusCode.OK, TimeSpan.FromSeconds(30));
        await Eventually.ThatAsync(() => app.GetAsync("/api/sources"), a => a.Status == HttpStatusCode.OK);
    }
}
