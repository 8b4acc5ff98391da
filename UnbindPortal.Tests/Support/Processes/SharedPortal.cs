namespace UnbindPortal.Support.Processes;

/// <summary>An account of the shared portal: how its owner signs in, and where their codes go.</summary>
public sealed record Person(string User, string Phone, string Email)
{
    /// <summary>The demo account lin, whom every other person is a copy of.</summary>
    public static Person Lin { get; } = new("lin", "13800005678", "lin@example.cn");

    /// <summary>The demo account chen: one phone, no password.</summary>
    public static Person Chen { get; } = new("chen", "13900000002", "chen has no address");
}

/// <summary>
/// One portal for all the walks that leave it running: started by the first, warm for the others. Each walk takes a person of its own,
/// imported as a copy of the demo account lin, so that none finds what another left. Masked, all of them look like lin.
/// </summary>
public sealed class SharedPortal : IAsyncLifetime
{
    private const int People = 40;

    private readonly TempFolder folder = new();
    private PortalProcess? portal;
    private int taken;

    /// <summary>The running portal. It holds to one message a minute for one destination and purpose.</summary>
    public async Task<PortalProcess> StartedAsync() => portal ??= await StartAsync();

    /// <summary>Somebody no walk has met before.</summary>
    public Person NextPerson() =>
        taken < People ? Copy(++taken) : throw new InvalidOperationException($"More than {People} walks: import more people.");

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (portal is not null)
        {
            await portal.DisposeAsync();
        }

        folder.Dispose();
    }

    private async Task<PortalProcess> StartAsync()
    {
        var setup = new PortalSetup
        {
            DataFolder = folder.FullPath,
            Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["Verification__ResendAfter"] = "00:01:00" },
        };
        var import = await PortalProgram.RunAsync(setup, "import", await CopiedAsync("accounts.csv"), await CopiedAsync("bindings.csv"));
        Assert.True(import.ExitCode == 0, import.ToString());
        return await PortalProcess.StartAsync(setup);
    }

    /// <summary>Lin's lines of a demo file, once for each person.</summary>
    private async Task<string> CopiedAsync(string name)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.AppSource, "Features", "Integration", "Demo", name));
        var lins = lines.Where(line => line.StartsWith("demo-lin,", StringComparison.Ordinal)).ToList();
        var copied = Enumerable.Range(1, People).SelectMany(number => lins.Select(line => Renumber(line, number)));
        var path = folder[name];
        await File.WriteAllLinesAsync(path, copied.Prepend(lines[0]));
        return path;
    }

    private static string Renumber(string line, int number)
    {
        var person = Copy(number);
        return line.Replace("demo-lin,", $"walk-{person.User},", StringComparison.Ordinal)
            .Replace(",lin,", $",{person.User},", StringComparison.Ordinal)
            .Replace(Person.Lin.Phone, person.Phone, StringComparison.Ordinal)
            .Replace(Person.Lin.Email, person.Email, StringComparison.Ordinal)
            .Replace("oJx5-", $"oJx{number:D2}-", StringComparison.Ordinal)
            .Replace(",12345689,", $",12345{number:D2}89,", StringComparison.Ordinal)
            .Replace(",20881021", $",2088{number:D2}21", StringComparison.Ordinal);
    }

    private static Person Copy(int number) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"lin{number:D2}"),
            string.Create(CultureInfo.InvariantCulture, $"138{number:D4}5678"),
            string.Create(CultureInfo.InvariantCulture, $"lin{number:D2}@example.cn")
        );
}
