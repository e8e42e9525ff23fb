using LeadFunctions.Access;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Access;

public sealed class SafeKeysTests
{
    private const string Good = "Jm2Zq0b8K4n1x7Tt5Vw9";

    [Theory]
    [InlineData("local-admin-key", Good, AccessOptions.AdminKeySetting, "sample settings")]
    [InlineData(Good, "local-write-key", AccessOptions.WriteKeySetting, "sample settings")]
    [InlineData("", Good, AccessOptions.AdminKeySetting, "not set")]
    [InlineData(Good, "", AccessOptions.WriteKeySetting, "not set")]
    [InlineData("short", Good, AccessOptions.AdminKeySetting, "shorter")]
    public void A_deployed_app_has_a_reason_not_to_start_with(string adminKey, string writeKey, string setting, string why)
    {
        var fault = Assert.Single(new AccessOptions(adminKey, writeKey).FaultsWhenDeployed());

        Assert.Contains(setting, fault, StringComparison.Ordinal);
        Assert.Contains(why, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_keys_are_good() => Assert.Empty(new AccessOptions(Good, Good).FaultsWhenDeployed());

    [Fact]
    public async Task A_deployed_app_does_not_start_with_the_sample_keys_and_says_why()
    {
        await using var app = AppProcess.Launch(null, Deployed, await Emulator.NewSharedAccountAsync());

        Assert.NotEqual(0, await app.ExitAsync());
        Assert.Contains(AccessOptions.AdminKeySetting, app.Output, StringComparison.Ordinal);
        Assert.Contains(AccessOptions.WriteKeySetting, app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("local-", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployed_app_starts_with_keys_of_its_own()
    {
        await using var app = await TestApp.StartAsync(
            App.Build,
            new Dictionary<string, string>(Deployed) { [AccessOptions.AdminKeySetting] = Good, [AccessOptions.WriteKeySetting] = Good + "w", ["LeadFunctions__Clock"] = "real" });

        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.GetAsync("/api/sources", Good)).Status);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await app.GetAsync("/api/sources")).Status);
    }

    private static readonly Dictionary<string, string> Deployed = new() { ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production" };
}
