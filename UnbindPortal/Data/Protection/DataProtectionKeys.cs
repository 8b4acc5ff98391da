using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Sqlite;

namespace UnbindPortal.Data.Protection;

/// <summary>
/// Keeps the Data Protection keys in the database, so that any node can read any cookie. Made while the pipeline is put together, before the
/// data folder is taken and checked: it asks for what opens the key ring only when a key is written.
/// </summary>
internal sealed class DataProtectionKeyStore(IOptions<PortalDataOptions> options, IServiceProvider services) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. ProtectionKeyRows.Read(options.Value).Select(XElement.Parse)];

    // The framework's interface is synchronous and called once in 90 days, from a thread that holds nothing the change waits for.
    public void StoreElement(XElement element, string friendlyName) => Task.Run(() => StoreAsync(element, friendlyName)).Wait();

    private Task<bool> StoreAsync(XElement element, string friendlyName) =>
        services
            .GetRequiredService<PortalChanges>()
            .RunAsync(
                ChangeScope.None,
                change =>
                {
                    change.Db.DataProtectionKeys.Add(
                        new DataProtectionKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) }
                    );
                    return Task.FromResult(true);
                }
            );
}

/// <summary>Encrypts those keys with the key ring: the database alone opens no cookie.</summary>
internal sealed class KeyRingXmlEncryptor(IServiceProvider services) : IXmlEncryptor
{
    internal const string Purpose = "data-protection-key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var ring = services.GetRequiredService<KeyRing>();
        var box = ring.SealShared(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)), Purpose);
        return new EncryptedXmlInfo(new XElement("box", Convert.ToBase64String(box)), typeof(KeyRingXmlDecryptor));
    }
}

/// <summary>The other direction; the framework makes it by type name and hands it the services.</summary>
internal sealed class KeyRingXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var ring = services.GetRequiredService<KeyRing>();
        return XElement.Parse(
            Encoding.UTF8.GetString(ring.OpenShared(Convert.FromBase64String(encryptedElement.Value), KeyRingXmlEncryptor.Purpose))
        );
    }
}
