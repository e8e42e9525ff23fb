using System.Net;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using LeadFunctions.Mail.Acs;
using Microsoft.Extensions.Time.Testing;
using static LeadFunctions.Tests.Mail.SmtpVerdictTests;

namespace LeadFunctions.Tests.Mail;

/// <summary>Communication Services by the app's identity: Azure's own client asks for the token, of a stand-in for Entra that it is led to by its transport.</summary>
public sealed class AcsIdentityTests
{
    private const string Endpoint = "https://acme.communication.azure.com";

    [Fact]
    public async Task Without_a_key_mail_goes_out_under_a_token_that_is_asked_for_once()
    {
        using var cloud = new Cloud("""{"token_type":"Bearer","expires_in":3600,"access_token":"token-1"}""");
        var acs = cloud.Acs();

        Assert.Equal("Accepted", Shown(await acs.SendAsync(Mails.Of("a"), CancellationToken.None)));
        Assert.Equal("Accepted", Shown(await acs.SendAsync(Mails.Of("b"), CancellationToken.None)));

        var asked = Uri.UnescapeDataString(Assert.Single(cloud.Tokens));
        Assert.Contains("scope=https://communication.azure.com/.default", asked, StringComparison.Ordinal);
        Assert.Contains("client_id=app-1", asked, StringComparison.Ordinal);
        Assert.Equal(["Bearer token-1", "Bearer token-1"], cloud.Sent);
    }

    [Fact]
    public async Task An_identity_that_gets_no_token_sends_nothing_and_nobody_has_bounced()
    {
        using var cloud = new Cloud("");
        var acs = cloud.Acs(DelegatedTokenCredential.Create((_, _) => throw new AuthenticationFailedException("AADSTS7000215: Invalid client secret."))); // Azure's own would log it as an error of whichever app runs beside this test

        var told = await acs.SendAsync(Mails.Of(), CancellationToken.None);

        Assert.Equal("Deferred", Shown(told));
        Assert.Empty(cloud.Sent);
        Assert.DoesNotContain("AADSTS", $"{told}", StringComparison.Ordinal);
    }

    /// <summary>Entra and Communication Services.</summary>
    /// <param name="token">What Entra answers to whoever asks for a token.</param>
    private sealed class Cloud(string token) : HttpMessageHandler
    {
        public List<string> Tokens { get; } = [];

        public List<string> Sent { get; } = [];

        /// <param name="identity">Null: an app's secret, which Entra is asked about.</param>
        public AcsMail Acs(TokenCredential? identity = null)
        {
            var transport = new HttpClientTransport(this);
            var options = new ClientSecretCredentialOptions { Transport = transport, DisableInstanceDiscovery = true, Retry = { MaxRetries = 0 } };
            return new(
                new() { Endpoint = Endpoint }, () => identity ?? new ClientSecretCredential("11111111-1111-1111-1111-111111111111", "app-1", "secret", options), new FakeTimeProvider(Mails.Noon), TimeProvider.System, transport);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Host == new Uri(Endpoint).Host) // every request has one
            {
                Sent.Add($"{request.Headers.Authorization}");
                return Json(HttpStatusCode.Accepted, """{"id":"8540c0de-899f-5cce-acb5-3ec493af3800","status":"Running"}""");
            }

            Assert.EndsWith("/oauth2/v2.0/token", request.RequestUri.AbsolutePath, StringComparison.Ordinal);
            Tokens.Add(await request.Content!.ReadAsStringAsync(cancellationToken)); // it is posted
            return Json(HttpStatusCode.OK, token);
        }

        private static HttpResponseMessage Json(HttpStatusCode status, string text) => new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}
