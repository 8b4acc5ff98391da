using UnbindPortal.Data.Protection;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Trust.Notices;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Domain;

/// <summary>What must reach no log never prints itself, alone, in a sentence, or inside a record that does.</summary>
public sealed class SecretsTests
{
    private const string Secret = "13812345678";

    public static TheoryData<object> Holders =>
        [
            new OneTimeCode(Secret),
            new SecretText(Secret),
            new BindingIdentity(Secret, Secret, [Secret]),
            new AccountProfile(Secret, [Secret]),
            new MessagePayload(MessageTemplate.UnbindCode, MessageChannel.Sms, Secret, "en", [], Secret, null),
            new CodeMessage(ProofMethod.SmsCode, MessageTemplate.UnbindCode, null, Secret, []),
            new WordedMessage(Guid.Empty, MessageChannel.Sms, Secret, Secret, Secret, Secret, Given.Noon),
            new SessionTicket(Guid.Empty, Guid.Empty, Secret, Secret),
            new SessionOrigin(Secret, Secret),
            new RequestOrigin(Secret, Secret),
            new ProofAnswer.Code(new OneTimeCode(Secret)),
            new ProofAnswer.Password(new SecretText(Secret)),
        ];

    [Theory]
    [MemberData(nameof(Holders), DisableDiscoveryEnumeration = true)]
    public void A_secret_prints_its_type_and_nothing_else(object holder)
    {
        var name = holder.GetType().Name;

        Assert.Equal(name, holder.ToString());
        Assert.Equal($"<{name}>", $"<{holder}>");
        Assert.Equal($"Carrier {{ Held = {name} }}", new Carrier<object>(holder).ToString());
    }

    [Fact]
    public void Structs_keep_silent_without_being_boxed()
    {
        Assert.Equal("OneTimeCode SecretText", $"{new OneTimeCode(Secret)} {new SecretText(Secret)}");
        Assert.Equal("Carrier { Held = SecretText }", new Carrier<SecretText>(new SecretText(Secret)).ToString());
    }

    private sealed record Carrier<T>(T Held);
}
