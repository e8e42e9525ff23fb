namespace LeadFunctions.Forms;

/// <summary>What a form says by itself, in the five languages that come with the app; a form in any other language says it in English.</summary>
internal sealed record FormTexts
{
    public required string Language { get; init; }

    public required string Submit { get; init; }

    /// <summary>Beside what need not be answered.</summary>
    public required string Optional { get; init; }

    public required string Choose { get; init; }

    /// <summary>Above the list of what is wrong.</summary>
    public required string Wrong { get; init; }

    public required string Thanks { get; init; }

    public required string CheckMail { get; init; }

    public required string Missing { get; init; }

    public required string NotAgreed { get; init; }

    public required string NoEmail { get; init; }

    public required string NoPhone { get; init; }

    public required string NoNumber { get; init; }

    public required string NoDate { get; init; }

    public required string NoOption { get; init; }

    public required string NoMatch { get; init; }

    public required string TooShort { get; init; }

    public required string TooLong { get; init; }

    public required string AtLeast { get; init; }

    public required string AtMost { get; init; }

    public required string ChooseAtLeast { get; init; }

    public required string ChooseAtMost { get; init; }

    public required string WrongFile { get; init; }

    /// <summary>In kilobytes.</summary>
    public required string FileTooLarge { get; init; }

    public required string Failed { get; init; }

    public required string ConfirmTitle { get; init; }

    public required string ConfirmText { get; init; }

    public required string ConfirmButton { get; init; }

    public required string Confirmed { get; init; }

    public required string Expired { get; init; }

    public required string MailSubject { get; init; }

    public required string MailText { get; init; }

    public required string MailIgnore { get; init; }

    /// <param name="locale">As <c>pl</c> or <c>pt-BR</c>.</param>
    public static FormTexts In(string locale) => Array.Find(All, texts => texts.Language == locale.Split('-')[0]) ?? English;

    /// <summary>A text with what it tells of.</summary>
    public static string With(string text, object told) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, told);

    public static readonly FormTexts English = new()
    {
        Language = "en",
        Submit = "Send",
        Optional = "optional",
        Choose = "Choose …",
        Wrong = "Please look at this again:",
        Thanks = "Thank you. We have received it.",
        CheckMail = "Thank you. We have sent you an e-mail: please confirm your address with the link in it.",
        Missing = "Please fill this in.",
        NotAgreed = "This needs your consent.",
        NoEmail = "This is not an e-mail address. One looks like ann@example.com.",
        NoPhone = "This is not a telephone number. With the country code it looks like +38640123456.",
        NoNumber = "This is not a number.",
        NoDate = "This is not a date. One looks like 2026-05-31.",
        NoOption = "This is not one of the answers.",
        NoMatch = "This does not have the form that is asked for.",
        TooShort = "At least {0} characters, please.",
        TooLong = "At most {0} characters, please.",
        AtLeast = "Not below {0}, please.",
        AtMost = "Not above {0}, please.",
        ChooseAtLeast = "Choose at least {0}, please.",
        ChooseAtMost = "Choose at most {0}, please.",
        WrongFile = "This is not one of these files: {0}.",
        FileTooLarge = "At most {0} KB, please.",
        Failed = "That did not work. Please try again in a moment.",
        ConfirmTitle = "Please confirm",
        ConfirmText = "With this button you confirm that the address is yours, and that you want what you asked for.",
        ConfirmButton = "Confirm",
        Confirmed = "Thank you. It is confirmed.",
        Expired = "This link does not work any more. Please fill in the form again.",
        MailSubject = "Please confirm your address",
        MailText = "Somebody, most likely you, has left this address in the form “{0}”. Please confirm it:",
        MailIgnore = "If it was not you, do nothing: without your confirmation you will get no more mail from us.",
    };

    private static readonly FormTexts[] All =
    [
        English,
        new()
        {
            Language = "de",
            Submit = "Absenden",
            Optional = "freiwillig",
            Choose = "Bitte wählen …",
            Wrong = "Bitte sehen Sie sich das noch einmal an:",
            Thanks = "Vielen Dank. Ihre Angaben sind bei uns angekommen.",
            CheckMail = "Vielen Dank. Wir haben Ihnen eine E-Mail geschickt: Bitte bestätigen Sie Ihre Adresse mit dem Link darin.",
            Missing = "Bitte füllen Sie dieses Feld aus.",
            NotAgreed = "Dafür brauchen wir Ihre Zustimmung.",
            NoEmail = "Das ist keine E-Mail-Adresse. Eine sieht so aus: ann@example.com.",
            NoPhone = "Das ist keine Telefonnummer. Mit Ländervorwahl sieht eine so aus: +38640123456.",
            NoNumber = "Das ist keine Zahl.",
            NoDate = "Das ist kein Datum. Eines sieht so aus: 2026-05-31.",
            NoOption = "Das ist keine der Antworten.",
            NoMatch = "Das hat nicht die verlangte Form.",
            TooShort = "Bitte mindestens {0} Zeichen.",
            TooLong = "Bitte höchstens {0} Zeichen.",
            AtLeast = "Bitte nicht weniger als {0}.",
            AtMost = "Bitte nicht mehr als {0}.",
            ChooseAtLeast = "Bitte wählen Sie mindestens {0}.",
            ChooseAtMost = "Bitte wählen Sie höchstens {0}.",
            WrongFile = "Das ist keine dieser Dateien: {0}.",
            FileTooLarge = "Bitte höchstens {0} KB.",
            Failed = "Das hat nicht geklappt. Bitte versuchen Sie es gleich noch einmal.",
            ConfirmTitle = "Bitte bestätigen",
            ConfirmText = "Mit diesem Knopf bestätigen Sie, dass die Adresse Ihre ist und Sie möchten, worum Sie gebeten haben.",
            ConfirmButton = "Bestätigen",
            Confirmed = "Vielen Dank. Es ist bestätigt.",
            Expired = "Dieser Link gilt nicht mehr. Bitte füllen Sie das Formular noch einmal aus.",
            MailSubject = "Bitte bestätigen Sie Ihre Adresse",
            MailText = "Jemand, wahrscheinlich Sie selbst, hat diese Adresse im Formular „{0}“ angegeben. Bitte bestätigen Sie sie:",
            MailIgnore = "Wenn Sie es nicht waren, tun Sie nichts: Ohne Ihre Bestätigung bekommen Sie keine weitere Post von uns.",
        },
        new()
        {
            Language = "pl",
            Submit = "Wyślij",
            Optional = "nieobowiązkowe",
            Choose = "Wybierz …",
            Wrong = "Prosimy sprawdzić to jeszcze raz:",
            Thanks = "Dziękujemy. Zgłoszenie do nas dotarło.",
            CheckMail = "Dziękujemy. Wysłaliśmy wiadomość e-mail: prosimy potwierdzić adres, klikając w zawarty w niej link.",
            Missing = "Prosimy wypełnić to pole.",
            NotAgreed = "Tutaj potrzebna jest zgoda.",
            NoEmail = "To nie jest adres e-mail. Przykład: ann@example.com.",
            NoPhone = "To nie jest numer telefonu. Przykład z numerem kierunkowym kraju: +38640123456.",
            NoNumber = "To nie jest liczba.",
            NoDate = "To nie jest data. Przykład: 2026-05-31.",
            NoOption = "Takiej odpowiedzi nie ma na liście.",
            NoMatch = "To nie ma wymaganej postaci.",
            TooShort = "Minimalna liczba znaków: {0}.",
            TooLong = "Maksymalna liczba znaków: {0}.",
            AtLeast = "Nie mniej niż {0}.",
            AtMost = "Nie więcej niż {0}.",
            ChooseAtLeast = "Minimalna liczba odpowiedzi: {0}.",
            ChooseAtMost = "Maksymalna liczba odpowiedzi: {0}.",
            WrongFile = "To nie jest jeden z tych plików: {0}.",
            FileTooLarge = "Nie więcej niż {0} KB.",
            Failed = "Nie udało się. Prosimy spróbować za chwilę.",
            ConfirmTitle = "Prosimy o potwierdzenie",
            ConfirmText = "Tym przyciskiem potwierdza się, że adres jest właściwy, a prośba rzeczywista.",
            ConfirmButton = "Potwierdzam",
            Confirmed = "Dziękujemy. Potwierdzone.",
            Expired = "Ten link już nie działa. Prosimy wypełnić formularz jeszcze raz.",
            MailSubject = "Prosimy potwierdzić adres e-mail",
            MailText = "Ten adres podano w formularzu „{0}”. Prosimy go potwierdzić:",
            MailIgnore = "Jeśli to pomyłka, nie trzeba nic robić: bez potwierdzenia nie wyślemy nic więcej.",
        },
        new()
        {
            Language = "sl",
            Submit = "Pošlji",
            Optional = "neobvezno",
            Choose = "Izberite …",
            Wrong = "Prosimo, poglejte še enkrat:",
            Thanks = "Hvala. Vaši podatki so prispeli.",
            CheckMail = "Hvala. Poslali smo vam e-pošto: prosimo, potrdite svoj naslov s povezavo v njej.",
            Missing = "Prosimo, izpolnite to polje.",
            NotAgreed = "Za to potrebujemo vaše soglasje.",
            NoEmail = "To ni e-poštni naslov. Primer: ann@example.com.",
            NoPhone = "To ni telefonska številka. Primer s kodo države: +38640123456.",
            NoNumber = "To ni število.",
            NoDate = "To ni datum. Primer: 2026-05-31.",
            NoOption = "Tega odgovora ni med možnostmi.",
            NoMatch = "To nima zahtevane oblike.",
            TooShort = "Najmanjše število znakov: {0}.",
            TooLong = "Največje število znakov: {0}.",
            AtLeast = "Ne manj kot {0}.",
            AtMost = "Ne več kot {0}.",
            ChooseAtLeast = "Najmanjše število odgovorov: {0}.",
            ChooseAtMost = "Največje število odgovorov: {0}.",
            WrongFile = "To ni ena od teh datotek: {0}.",
            FileTooLarge = "Ne več kot {0} KB.",
            Failed = "Ni uspelo. Prosimo, poskusite čez trenutek še enkrat.",
            ConfirmTitle = "Prosimo, potrdite",
            ConfirmText = "S tem gumbom potrdite, da je naslov vaš in da želite, za kar ste zaprosili.",
            ConfirmButton = "Potrjujem",
            Confirmed = "Hvala. Potrjeno je.",
            Expired = "Ta povezava ne deluje več. Prosimo, še enkrat izpolnite obrazec.",
            MailSubject = "Prosimo, potrdite svoj naslov",
            MailText = "Nekdo, najverjetneje vi, je ta naslov vpisal v obrazec »{0}«. Prosimo, potrdite ga:",
            MailIgnore = "Če to niste bili vi, vam ni treba storiti ničesar: brez potrditve vam ne bomo več pisali.",
        },
        new()
        {
            Language = "ru",
            Submit = "Отправить",
            Optional = "необязательно",
            Choose = "Выберите …",
            Wrong = "Пожалуйста, проверьте ещё раз:",
            Thanks = "Спасибо. Мы получили ваши данные.",
            CheckMail = "Спасибо. Мы отправили вам письмо: пожалуйста, подтвердите адрес по ссылке в нём.",
            Missing = "Пожалуйста, заполните это поле.",
            NotAgreed = "Для этого нужно ваше согласие.",
            NoEmail = "Это не адрес электронной почты. Пример: ann@example.com.",
            NoPhone = "Это не номер телефона. Пример с кодом страны: +38640123456.",
            NoNumber = "Это не число.",
            NoDate = "Это не дата. Пример: 2026-05-31.",
            NoOption = "Такого ответа нет среди вариантов.",
            NoMatch = "Это не соответствует требуемому виду.",
            TooShort = "Не меньше символов, чем {0}.",
            TooLong = "Не больше символов, чем {0}.",
            AtLeast = "Не меньше {0}.",
            AtMost = "Не больше {0}.",
            ChooseAtLeast = "Наименьшее число ответов: {0}.",
            ChooseAtMost = "Наибольшее число ответов: {0}.",
            WrongFile = "Это не один из этих файлов: {0}.",
            FileTooLarge = "Не больше {0} КБ.",
            Failed = "Не получилось. Пожалуйста, попробуйте ещё раз чуть позже.",
            ConfirmTitle = "Пожалуйста, подтвердите",
            ConfirmText = "Этой кнопкой вы подтверждаете, что адрес ваш и что вы хотите то, о чём просили.",
            ConfirmButton = "Подтверждаю",
            Confirmed = "Спасибо. Подтверждено.",
            Expired = "Эта ссылка больше не действует. Пожалуйста, заполните форму ещё раз.",
            MailSubject = "Пожалуйста, подтвердите адрес",
            MailText = "Кто-то, скорее всего вы, указал этот адрес в форме «{0}». Пожалуйста, подтвердите его:",
            MailIgnore = "Если это были не вы, ничего делать не нужно: без подтверждения мы больше не напишем.",
        },
    ];

    /// <summary>Those that there are.</summary>
    public static IReadOnlyList<FormTexts> InEveryLanguage => All;
}
