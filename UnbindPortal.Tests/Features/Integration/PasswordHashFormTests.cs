using System.Buffers.Binary;
using UnbindPortal.Features.Integration.Import;
using UnbindPortal.Support;

namespace UnbindPortal.Features.Integration;

/// <summary>Which password hashes are taken over: those the hasher can compare, at a cost somebody chose with care.</summary>
public sealed class PasswordHashFormTests
{
    [Theory]
    [InlineData(2, 1, 16, 16, true)]
    [InlineData(2, 210_000, 16, 32, true)]
    [InlineData(0, 10_000_000, 128, 128, true)]
    [InlineData(3, 210_000, 16, 32, false)]
    [InlineData(2, 0, 16, 32, false)]
    [InlineData(2, 10_000_001, 16, 32, false)]
    [InlineData(2, uint.MaxValue, 16, 32, false)]
    [InlineData(2, 210_000, 15, 32, false)]
    [InlineData(2, 210_000, 16, 15, false)]
    [InlineData(2, 210_000, 129, 32, false)]
    [InlineData(2, 210_000, 16, 129, false)]
    public void Version_3_is_known_by_its_header(uint function, uint iterations, uint salt, int key, bool taken)
    {
        var hash = new byte[13 + salt + key];
        hash[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(1), function);
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(5), iterations);
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(9), salt);

        Assert.Equal(taken, IsTaken(hash));
    }

    [Theory]
    [InlineData(0, 49, true)]
    [InlineData(0, 48, false)]
    [InlineData(0, 50, false)]
    [InlineData(2, 61, false)]
    [InlineData(1, 12, false)]
    public void Version_2_is_known_by_its_length(byte version, int length, bool taken)
    {
        var hash = new byte[length];
        hash[0] = version;

        Assert.Equal(taken, IsTaken(hash));
    }

    private static bool IsTaken(byte[] hash)
    {
        var line = new CsvLine("accounts.csv", 2, IsWhole: true, _ => Convert.ToBase64String(hash));
        var fields = new FieldRules(line, ManualClock.Noon);
        fields.PasswordHash("password_hash");
        return fields.Refusal is null;
    }
}
