using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Tests.Tracker;

namespace LeadFunctions.Tests.Feedback;

/// <summary>The page in Chromium: written here, looked at by <c>tests/browser/preferences.test.mjs</c>, which needs no app.</summary>
public sealed class PreferencePageTests
{
    private static readonly Topics Setting = Topics.Parse(
        """
        {"topics":[
          {"id":"news","names":{"en":"News","de":"Neuigkeiten","pl":"Nowości","sl":"Novice","ru":"Новости"},"descriptions":{"en":"What is new in the shop, about twice a month","de":"Was es Neues im Laden gibt, etwa zweimal im Monat","pl":"Co nowego w sklepie, mniej więcej dwa razy w miesiącu","sl":"Kaj je novega v trgovini, približno dvakrat na mesec","ru":"Что нового в магазине, примерно два раза в месяц"}},
          {"id":"offers","names":{"en":"Offers and sales, also those that are only for people who have bought something before","de":"Angebote","pl":"Oferty","sl":"Ponudbe","ru":"Предложения"}}]}
        """u8.ToArray()).Topics!;

    [Fact]
    public async Task In_Chromium()
    {
        var folder = Directory.CreateTempSubdirectory("pages-");
        try
        {
            foreach (var (name, html) in Pages())
            {
                await File.WriteAllTextAsync(System.IO.Path.Combine(folder.FullName, name), html);
            }

            await File.WriteAllTextAsync(System.IO.Path.Combine(folder.FullName, "policy.txt"), PageStyle.Policy);
            var (exitCode, output) = await BrowserTests.RunAsync("preferences.test.mjs", ("LEADFUNCTIONS_PAGES", folder.FullName));

            Assert.True(exitCode == 0, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<(string Name, string Html)> Pages()
    {
        var now = TokenLaws.Now;
        var standing = new Standing([(Setting.All[0], true), (Setting.All[1], false)], false, Frequency.Always, null);
        foreach (var (language, _) in Languages.All)
        {
            yield return ($"{language}-asks.html", PreferencePage.Show(standing, language, "news", asksFirst: true));
        }

        yield return ("en-plain.html", PreferencePage.Show(standing with { PausedUntil = now.AddDays(30), Frequency = Frequency.Monthly }, "en", "news", asksFirst: false, PageNews.Saved));
        yield return ("de-left.html", PreferencePage.Show(standing, "de", "news", asksFirst: true, PageNews.Unsubscribed, "Neuigkeiten"));
        yield return ("pl-off.html", PreferencePage.Show(standing with { IsOff = true, Topics = [(Setting.All[0], false), (Setting.All[1], false)] }, "pl", null, asksFirst: true, PageNews.UnsubscribedAll));
        yield return ("sl-unread.html", PreferencePage.Show(standing with { Topics = [] }, "sl", null, asksFirst: true, PageNews.NotUnderstood));
        yield return ("ru-missing.html", PreferencePage.Missing("ru", isExpired: false, changes: true));
        yield return ("en-expired.html", PreferencePage.Missing("en", isExpired: true, changes: true));
    }
}
