using System.Collections.Frozen;
using System.Text;

namespace LeadFunctions.Leads.Listing;

/// <summary>Texts as people compare them when they look for somebody: case and accents make no difference. Of ASCII, which most are, only case is passed over, byte by byte, so that nothing needs to be kept twice.</summary>
internal static class FoldedText
{
    private const char FirstAccented = 'ß';
    private const char LastAccented = 'ſ';

    /// <summary>Letters from ß to ſ without what is on, below or through them. The app runs without the data by which .NET would take letters apart.</summary>
    private const string Plain =
        "saaaaaaaceeeeiiiidnooooo÷ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    /// <summary>The same of letters further on, Romanian's, Vietnamese's and others': each, and what it is without.</summary>
    private const string Further =
        "ƀbƃbƈcƌdƒfƕhƙkƚlƞnơoƥpƫtƭtưuƴyƶzǎaǐiǒoǔuǖuǘuǚuǜuǟaǡaǥgǧgǩkǫoǭoǰjǵgǹnǻaȁaȃaȅeȇeȉiȋiȍoȏoȑrȓrȕuȗușsțtȟhȥzȧaȩeȫoȭoȯoȱoȳyȼcȿsɀzɇeɉjɍrɏy"
        + "ḁaḃbḅbḇbḉcḋdḍdḏdḑdḓdḕeḗeḙeḛeḝeḟfḡgḣhḥhḧhḩhḫhḭiḯiḱkḳkḵkḷlḹlḻlḽlḿmṁmṃmṅnṇnṉnṋnṍoṏoṑoṓoṕpṗpṙrṛrṝrṟrṡsṣsṥsṧsṩsṫtṭtṯtṱtṳuṵuṷuṹuṻuṽvṿvẁwẃwẅwẇwẉwẋxẍxẏyẑzẓzẕzẖhẗtẘwẙyạaảaấaầaẩaẫaậaắaằaẳaẵaặaẹeẻeẽeếeềeểeễeệeỉiịiọoỏoốoồoổoỗoộoớoờoởoỡoợoụuủuứuừuửuữuựuỳyỵyỷyỹy";

    private static readonly FrozenDictionary<char, char> PlainOf = Further.Chunk(2).ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>As it is compared; null for a text of ASCII, which is compared as it is.</summary>
    public static string? Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return null;
        }

        var folded = new StringBuilder(text.Length + 4);
        foreach (var c in text.ToLowerInvariant())
        {
            _ = c switch
            {
                'ß' => folded.Append("ss"),
                'æ' => folded.Append("ae"),
                'œ' => folded.Append("oe"),
                'þ' => folded.Append("th"),
                >= FirstAccented and <= LastAccented => folded.Append(Plain[c - FirstAccented]),
                >= '\u0300' and <= '\u036f' => folded, // an accent that stands by itself
                _ => folded.Append(PlainOf.GetValueOrDefault(c, c)),
            };
        }

        return folded.ToString();
    }

    /// <summary>As it is compared, in the bytes that the other methods take.</summary>
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(Of(text) ?? text);

    /// <summary>The words of what somebody looks for.</summary>
    public static byte[][] Words(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Bytes).Where(word => word.Length > 0)];

    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var shorter = Math.Min(a.Length, b.Length);
        for (var i = 0; i < shorter; i++)
        {
            if (Lower(a[i]) - Lower(b[i]) is var difference and not 0)
            {
                return difference;
            }
        }

        return a.Length - b.Length;
    }

    public static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start)
    {
        if (text.Length < start.Length)
        {
            return false;
        }

        for (var i = 0; i < start.Length; i++)
        {
            if (Lower(text[i]) != Lower(start[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Some word of the text begins so. Words begin after whatever is neither letter nor digit.</summary>
    public static bool AnyWordStartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start)
    {
        var isWithin = false;
        for (var i = 0; i + start.Length <= text.Length; i++)
        {
            if (!isWithin && Lower(text[i]) == Lower(start[0]) && StartsWith(text[i..], start))
            {
                return true;
            }

            isWithin = text[i] >= 0x80 || char.IsAsciiLetterOrDigit((char)text[i]);
        }

        return false;
    }

    private static int Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b;
}
